global using SubscriberPeer = ClickToDial.TestKit.Peers.SubscriberPeer;
