package io.github.slicedscore.cli;

import java.util.List;

/** What documents say that a test can't do as it stands there; each entry is exact, and must be found. */
final class Untested {
    /**
     * A block that is not run.
     *
     * @param document its name
     * @param start how its text begins
     * @param reason why, and what tests it instead
     */
    record Exempt(String document, String start, String reason) {
        boolean covers(Document where, CodeBlock block) {
            return where.name().equals(document) && block.text().startsWith(start);
        }
    }

    /**
     * Words that take too long.
     *
     * @param document where they are
     * @param words as they stand there
     * @param instead what runs in their place
     */
    record Shortened(String document, String words, String instead) {}

    static final List<Exempt> EXEMPT = List.of(
            new Exempt(
                    "README.md",
                    "mvn -q -DskipTests package && java/cli/bin/slicedscore demo\n",
                    "builds; .ci/run does both"),
            new Exempt("README.md", "mvn verify\n", "runs the tests"),
            new Exempt("README.md", "java --add-modules jdk.incubator.vector ...\n", "no whole command; LauncherTest"),
            new Exempt(
                    "README.md",
                    "import io.github.slicedscore.ScoreModel;\nimport io.github.slicedscore.cuda.DeviceBackend;\n",
                    "needs the CUDA presets; PresetsIT compiles and runs it"));

    static final List<Shortened> SHORTENED = List.of(
            new Shortened("README.md", ".epochs(50)", ".epochs(2)"),
            new Shortened("README.md", ".sample(model, 1000, 7)", ".sample(model, 100, 7)"),
            new Shortened("README.md", "--steps 1500", "--steps 100"),
            new Shortened("README.md", "-n 1000", "-n 100"),
            new Shortened("README.md", "--rows 200 ", "--rows 200 --annealed-chains 20 "),
            new Shortened(
                    "README.md",
                    "wine-test.csv --train wine.csv",
                    "wine-test.csv --train wine.csv --rows 400 --importance-samples 2000 --annealed-chains 50 --temperatures 20"),
            new Shortened("docs/USES.md", "--steps 1500", "--steps 100"),
            new Shortened("docs/USES.md", "--steps 1000", "--steps 100"),
            new Shortened("docs/GUIDE.md", "--steps 3000", "--steps 30"),
            new Shortened("docs/GUIDE.md", "-n 1000", "-n 100"),
            new Shortened(
                    "docs/GUIDE.md",
                    "wine-test.csv --train wine.csv",
                    "wine-test.csv --train wine.csv --rows 200 --flow-rows 20 --importance-samples 500 --annealed-chains 20"
                            + " --temperatures 5"));

    private Untested() {}

    static boolean isExempt(Document document, CodeBlock block) {
        return EXEMPT.stream().anyMatch(exempt -> exempt.covers(document, block));
    }

    static String shorten(Document document, String text) {
        String shorter = text;
        for (Shortened shortened : SHORTENED) {
            if (shortened.document.equals(document.name())) {
                shorter = shorter.replace(shortened.words, shortened.instead);
            }
        }
        return shorter;
    }
}
