package io.github.slicedscore.cli;

import io.github.slicedscore.data.Standardizer;
import io.github.slicedscore.io.ModelContents;
import io.github.slicedscore.io.ModelFile;
import io.github.slicedscore.model.Activation;
import io.github.slicedscore.model.EnergyMlp;
import io.github.slicedscore.model.Parameters;
import io.github.slicedscore.model.Provenance;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Runs the commands that are to be there at once, and shows nothing. The build runs it, and has the JVM write down which classes it
 * loads: those go into the archive that the launcher starts Java from.
 */
final class Rehearsal {
    private Rehearsal() {}

    /**
     * Runs them.
     *
     * @param args the name of a file for a model to ask about
     */
    public static void main(String[] args) throws IOException {
        Path model = Path.of(args[0]);
        ModelFile.write(untrained(), model);
        run("help");
        run("help", "train");
        run("info", model.toString(), "--color", "always");
        run("info", model.toString(), "--json");
        run("completion", "bash");
        run("inof");
    }

    private static void run(String... command) {
        Main.execute(Stdout.to(OutputStream.nullOutputStream()), new PrintWriter(Writer.nullWriter()), command);
    }

    private static ModelContents untrained() {
        EnergyMlp network = new EnergyMlp(1, 0, List.of(2), Activation.SOFTPLUS, 3);
        return new ModelContents(
                network,
                Parameters.initialize(network, 1),
                new Standardizer(new double[] {0}, new double[] {1}),
                List.of("a"),
                List.of(),
                new Provenance("", "", "", "", "", 0, 1, 0, 0, 0, 0, Map.of("optimizer", "Adam[beta1=0.9]")),
                new double[0]);
    }
}
