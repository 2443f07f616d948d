package io.github.slicedscore.bench;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** libtorch in this JVM, driven by {@code bench/cpu.py}: the only command is {@link StepTurns}'. */
public final class LibtorchTurns {
    private LibtorchTurns() {}

    /**
     * Obeys the standard input.
     *
     * @param args eager or jets
     * @throws IOException if it can't be read
     */
    public static void main(String[] args) throws IOException {
        LibtorchTraining.Form form = LibtorchTraining.Form.valueOf(args[0].toUpperCase(Locale.ROOT));
        Set<Config> agreed = EnumSet.noneOf(Config.class);
        Turns.serve(
                LibtorchTraining.describe() + "; " + Machine.jdk(), Map.of("run", new StepTurns((config, threads) -> {
                    if (agreed.add(config)) {
                        LibtorchTraining.requireAgreement(config);
                    }
                    return new LibtorchTraining(config, form, threads);
                })));
    }
}
