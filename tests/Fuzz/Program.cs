using ClickToDial.Fuzz;

// "run ..." fuzzes; everything else is the test runner's.
return args is ["run", ..] ? LongRun.Start(args) : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
