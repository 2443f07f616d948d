package io.github.slicedscore.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Tells what would compute on this machine. */
@Command(
        name = "doctor",
        description = "Tells which backend and kernels this machine would use, and why not the faster ones.",
        footer = {
            "",
            "The exit code is 1 if no backend works here.",
            "",
            "Examples:",
            "  slicedscore doctor",
            "  slicedscore doctor --json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private JsonOption json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Diagnosis diagnosis = Diagnosis.ofThisMachine();
        json.print(() -> diagnosis.text(Colors.out(spec)), diagnosis::json);
        return diagnosis.chosen().isPresent() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
}
