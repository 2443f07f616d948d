package io.github.slicedscore.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.slicedscore.ScoreModel;
import io.github.slicedscore.cli.Cli.Outcome;
import io.github.slicedscore.data.Dataset;
import io.github.slicedscore.data.Gaussian;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** The command report on models of a Gaussian, whose columns have names that would be dangerous in a page. */
class ReportTest {
    private static final String SCRIPT = "<script>alert(1)</script>";
    private static final String QUOTES = "\"'><img src=x onerror=alert(2)>&amp;";
    private static final Gaussian TRUTH = new Gaussian(new double[] {3, -1}, new double[][] {{1, 0.6}, {0.6, 2}});

    /** Where the planted outlier stands, the header's line included. */
    private static final int OUTLIER_LINE = 42;

    @TempDir
    static Path folder;

    private static Path train;
    private static Path test;
    private static Path energy;

    @BeforeAll
    static void trainModel() throws IOException {
        train = write("train.csv", TRUTH.sample(1, 1500), false);
        test = write("test.csv", TRUTH.sample(2, 300), true);
        energy = train("energy", train, "--noise", "0");
    }

    private static Path write(String name, Dataset points, boolean outlier) throws IOException {
        StringBuilder text = new StringBuilder(CsvText.header(List.of(SCRIPT, QUOTES)));
        for (int row = 0; row < points.rows(); row++) {
            boolean planted = outlier && row == OUTLIER_LINE - 2;
            text.append(planted ? "3,9" : points.value(row, 0) + "," + points.value(row, 1))
                    .append('\n');
        }
        return Files.writeString(folder.resolve(name), text);
    }

    private static Path train(String name, Path data, Object... options) {
        Path model = folder.resolve(name + ".safetensors");
        List<Object> line = new ArrayList<>(List.of("train", data, "--out", model, "--quiet"));
        line.addAll(List.of("--hidden", "16", "--lr", "0.01", "--steps", "300"));
        line.addAll(List.of(options));
        run(line.toArray());
        return model;
    }

    private static Outcome run(Object... line) {
        Outcome outcome = Cli.run(line);
        assertThat(outcome.code()).as(outcome.err()).isZero();
        return outcome;
    }

    private static final List<String> QUICK =
            List.of("--importance-samples", "2000", "--annealed-chains", "50", "--temperatures", "20");

    private static Outcome report(Path model, Path rows, Object... options) {
        List<Object> line = new ArrayList<>(List.of("report", model, rows));
        line.addAll(QUICK);
        line.addAll(List.of(options));
        return run(line.toArray());
    }

    private static String page(String name, Path model, Path rows, Object... options) throws IOException {
        Path out = folder.resolve(name + ".html");
        List<Object> line = new ArrayList<>(List.of("--out", out));
        line.addAll(List.of(options));
        assertThat(report(model, rows, line.toArray()).err()).endsWith("wrote " + out + System.lineSeparator());
        return Files.readString(out);
    }

    /** The page as XML, which it is but for its first line: a name that were taken for markup would not parse, or add elements. */
    private static Document parse(String page) throws Exception {
        String xml = page.substring(page.indexOf('\n'));
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static List<Element> elements(Document page, String name) {
        NodeList nodes = page.getElementsByTagName(name);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    @Test
    void namesAreTextWhateverTheyHold() throws Exception {
        Document page = parse(page("names", energy, test, "--train", train));

        assertThat(elements(page, "script")).isEmpty();
        assertThat(elements(page, "img")).isEmpty();
        assertThat(elements(page, "th").stream().map(Element::getTextContent)).contains(SCRIPT, QUOTES);
        assertThat(elements(page, "svg").stream().map(svg -> svg.getAttribute("aria-label")))
                .anyMatch(label -> label.contains(SCRIPT) && label.contains(QUOTES));
    }

    @Test
    void thePageNeedsNothingElseAndNamesItsParts() throws Exception {
        String text = page("parts", energy, test);
        Document page = parse(text);

        assertThat(text.length()).isLessThan(2_000_000);
        assertThat(text).doesNotContain("@import", "url(", "http:", "https:");
        for (String attribute : List.of("href", "src")) {
            NodeList all = page.getElementsByTagName("*");
            for (int i = 0; i < all.getLength(); i++) {
                assertThat(((Element) all.item(i)).getAttribute(attribute)).matches("|#[a-z]+|data:.*");
            }
        }
        assertThat(elements(page, "h2").stream().map(Element::getTextContent))
                .containsExactly(
                        "In short",
                        "The model",
                        "Its training",
                        "Does it fit?",
                        "Log-densities and percentiles",
                        "Data and samples",
                        "Density and score",
                        "The most unusual rows");
        assertThat(elements(page, "html").get(0).getAttribute("lang")).isEqualTo("en");
        assertThat(elements(page, "table")).allSatisfy(table -> assertThat(
                        table.getElementsByTagName("caption").getLength())
                .isEqualTo(1));
        assertThat(elements(page, "th"))
                .allSatisfy(header -> assertThat(header.getAttribute("scope")).isIn("row", "col"));
        assertThat(elements(page, "svg").stream().filter(svg -> svg.hasAttribute("viewBox")))
                .allSatisfy(svg -> assertThat(svg.getAttribute("aria-hidden").equals("true")
                                || (svg.getAttribute("role").equals("img")
                                        && !svg.getAttribute("aria-label").isBlank()))
                        .isTrue());
        // Losses, log-densities, calibration, corner plot, density.
        assertThat(elements(page, "figure")).hasSize(5);
        assertThat(elements(page, "image")).hasSize(1).allSatisfy(image -> assertThat(image.getAttribute("href"))
                .startsWith("data:image/png;base64,"));
        assertThat(elements(page, "path"))
                .allSatisfy(path -> assertThat(path.getAttribute("d")).matches("[-MLhHVZ0-9. ]*"));
    }

    @Test
    void sameFilesAndSeedSamePage() throws IOException {
        String first = page("first", energy, test);
        assertThat(page("second", energy, test)).isEqualTo(first);
        assertThat(page("third", energy, test, "--seed", "2")).isNotEqualTo(first);
    }

    @Test
    void theJsonHasTheFiguresOfEvaluate() {
        Outcome json = report(energy, test, "--train", train, "--json", "--top", "3");
        List<Object> line = new ArrayList<>(List.of("evaluate", energy, test, "--train", train, "--json"));
        line.addAll(QUICK);

        assertThat(ParsedJson.at(json.out(), "evaluation"))
                .isEqualTo(ParsedJson.at(run(line.toArray()).out()));
        assertThat(json.out()).contains('"' + SCRIPT + '"', '"' + QUOTES.replace("\"", "\\\"") + '"');
        assertThat(ParsedJson.number(json.out(), "log_densities", "test", "rows"))
                .isEqualTo(300);
        assertThat(ParsedJson.number(json.out(), "log_densities", "held_out", "rows"))
                .isEqualTo(150);
        assertThat((List<?>) ParsedJson.at(json.out(), "calibration", "among_held_out", "shares"))
                .hasSize(101);
        assertThat((List<?>) ParsedJson.at(json.out(), "anomalies", "most_unusual"))
                .hasSize(3);
        assertThat((List<?>) ParsedJson.at(json.out(), "training")).isNotEmpty();
        assertThat((List<?>) ParsedJson.at(json.out(), "columns")).hasSize(2);
        assertThat((List<?>) ParsedJson.at(json.out(), "verdicts")).isNotEmpty();
    }

    @Test
    void thePlantedRowIsTheMostUnusual() throws Exception {
        Document page = parse(page("unusual", energy, test));
        Element rows = elements(page, "table").stream()
                .filter(table -> table.getAttribute("class").equals("rows"))
                .findFirst()
                .orElseThrow();
        NodeList cells = ((Element) rows.getElementsByTagName("tr").item(1)).getElementsByTagName("td");

        assertThat(rows.getElementsByTagName("tr").getLength()).isEqualTo(1 + 10);
        assertThat(cells.item(0).getTextContent()).isEqualTo(Integer.toString(OUTLIER_LINE));
        assertThat(cells.item(2).getTextContent()).isEqualTo("0");
        assertThat(cells.item(3).getTextContent()).startsWith(QUOTES + " too high (");
        assertThat(cells.item(4).getTextContent()).isEqualTo("3");
        assertThat(cells.item(5).getTextContent()).isEqualTo("9");
    }

    /** The picture's numbers are the model's: at the place of a pixel, and at the foot of an arrow. */
    @Test
    void theDensityAndTheScoreAreTheModels() throws IOException {
        Dataset rows = TRUTH.sample(2, 300);
        try (ScoreModel model = ScoreModel.load(energy)) {
            ScoreSlice slice = ScoreSlice.of(model, rows, new double[] {0, 0}, 0, 1);
            double left = slice.acrossRange().value(0.5 / ScoreSlice.GRID);
            double top = slice.upRange().value(1 - 0.5 / ScoreSlice.GRID);
            double right = slice.acrossRange().value(1 - 0.5 / ScoreSlice.GRID);
            double ratio = Math.log(slice.density()[0][0] / slice.density()[0][ScoreSlice.GRID - 1]);
            assertThat(ratio).isCloseTo(model.logDensity(left, top) - model.logDensity(right, top), within(1e-3));
            for (int i : new int[] {0, 5, 100}) {
                double[] score = model.score(slice.feet()[2 * i], slice.feet()[2 * i + 1]);
                assertThat(slice.field()[2 * i]).isCloseTo(score[0], within(1e-6));
                assertThat(slice.field()[2 * i + 1]).isCloseTo(score[1], within(1e-6));
            }
        }
    }

    @Test
    void lossesComeFromTheTableBesideTheModelIfItIsItsOwn() throws Exception {
        Path moved = folder.resolve("moved.safetensors");
        Files.copy(energy, moved);
        assertThat(page("lonely", moved, test))
                .contains("there is no " + folder.resolve("moved.training.csv") + ", which &#39;train&#39; writes");

        Path table = folder.resolve("moved.training.csv");
        Files.writeString(table, "step,loss,validation_loss,gradient_norm,learning_rate\n300,1.5,2,1,1\n");
        assertThat(page("other", moved, test)).contains(table + " is of another training");

        Files.writeString(table, "step,loss,validation_loss,gradient_norm,learning_rate\n300,oops,2,1,1\n");
        assertThat(page("damaged", moved, test)).contains(table + ", line 2, is none that &#39;train&#39; writes");
    }

    @Test
    void aScoreNetworkHasNoDensity() throws Exception {
        Path score = train("score", train, "--model", "score");
        Document page = parse(page("score", score, test));

        assertThat(elements(page, "p").stream().map(Element::getTextContent))
                .contains("Log-densities: none, because the model is a score network, which knows no log-densities.");
        assertThat(elements(page, "image")).isEmpty();
        assertThat(elements(page, "path").stream().map(path -> path.getAttribute("class")))
                .contains("arrows");
        assertThat(elements(page, "th").stream().map(Element::getTextContent))
                .contains("log-density along the path from the mean");
    }

    @Test
    void aModelWithConditions() throws Exception {
        Path data = Tables.mixture(folder.resolve("mixture.csv"), 800);
        Path rows = Tables.mixture(folder.resolve("mixture-test.csv"), 200);
        Path given = train("given", data, "--drop", "name", "--condition", "side");
        Document page = parse(page("given", given, rows, "--train", data));

        assertThat(elements(page, "p").stream().map(Element::getTextContent))
                .anyMatch(text -> text.startsWith("The model's constant is another for every condition"))
                .noneMatch(text -> text.contains("none, because"));
        assertThat(elements(page, "caption").stream().map(Element::getTextContent))
                .contains(
                        "The 10 most unusual of 200 test rows by their log-density; percentiles are among the rows of "
                                + data);
        assertThat(elements(page, "th").stream().map(Element::getTextContent)).contains("side", "b, in m");
    }

    @Test
    void aModelWithNoiseLevelsIsAskedAlongItsFlow() throws Exception {
        Path levels = train("levels", train, "--model", "score", "--objective", "dsm", "--noise-levels", "5:0.05:4");
        Document page = parse(page("levels", levels, test));

        assertThat(elements(page, "th").stream().map(Element::getTextContent))
                .contains("the model, probability flow", "log-likelihood");
        assertThat(elements(page, "svg").stream().map(svg -> svg.getAttribute("class")))
                .contains("corner", "field");
    }

    @Test
    void oneColumnHasNoPairs() throws Exception {
        Path one = train("one", train, "--columns", SCRIPT);
        Document page = parse(page("one", one, test));

        assertThat(elements(page, "p").stream().map(Element::getTextContent))
                .contains("Pictures: none, because it takes two columns to draw a field.");
    }

    @Test
    void whatIsRefused() throws IOException {
        Path out = folder.resolve("refused.html");
        assertRefused(Cli.run("report", energy, test), "--out", "--json");
        assertRefused(Cli.run("report", energy, test, "--out", test, "--force"), "--out", "is also the test rows");
        assertRefused(Cli.run("report", energy, test, "--out", energy, "--force"), "--out", "is also the model");
        assertRefused(
                Cli.run("report", energy, test, "--out", out, "--columns", "z"),
                "--columns names 'z', which is no column of " + energy,
                SCRIPT);
        assertRefused(Cli.run("report", energy, test, "--out", out, "--top", "0"), "--top", "at least 1");
        assertRefused(
                Cli.run("report", folder.resolve("no.safetensors"), test, "--out", out), "there is no model file");
        Path other = Files.writeString(folder.resolve("other.csv"), "a,b\n1,2\n");
        assertRefused(Cli.run("report", energy, other, "--out", out), other + " lacks the columns");
        assertThat(out).doesNotExist();
        Files.writeString(out, "mine");
        assertRefused(Cli.run("report", energy, test, "--out", out), out + " exists", "--force");
        assertThat(out).hasContent("mine");
    }

    private static void assertRefused(Outcome outcome, String... parts) {
        assertThat(outcome.err()).contains(parts).doesNotContain("Exception");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
    }
}
