package io.github.slicedscore.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.slicedscore.cli.Cli.Outcome;
import io.github.slicedscore.train.CheckpointDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused: exit code 2, one message that names the thing and the mend, nothing on stdout, nothing written. */
class BadInputTest {
    private static final String GOOD = "a,b\n1,2\n2.5,1\n3,4\n4,3.5\n0.5,1.5\n1.25,2\n";

    @TempDir
    static Path shared;

    private static Path energy;
    private static Path score;

    @TempDir
    Path folder;

    @BeforeAll
    static void trainTwoModels() throws IOException {
        Path data = Tables.mixture(shared.resolve("data.csv"), 200);
        energy = shared.resolve("energy.safetensors");
        score = shared.resolve("score.safetensors");
        Object[] rest = {"--columns", "a,\"b, in m\"", "--hidden", "8", "--steps", "5", "--quiet"};
        assertThat(train(data, energy, "energy", rest).code()).isZero();
        assertThat(train(data, score, "score", rest).code()).isZero();
    }

    private static Outcome train(Path data, Path out, String model, Object... rest) {
        List<Object> line = new ArrayList<>(List.of("train", data, "--out", out, "--model", model));
        line.addAll(List.of(rest));
        return Cli.run(line.toArray());
    }

    private Path data(String content) throws IOException {
        return Files.writeString(folder.resolve("data.csv"), content);
    }

    private Outcome train(Path data, String... options) {
        List<Object> line =
                new ArrayList<>(List.of("train", data, "--out", folder.resolve("m.safetensors"), "--steps", "2"));
        line.addAll(List.of(options));
        return Cli.run(line.toArray());
    }

    private void assertRefused(Outcome outcome, String... parts) throws IOException {
        assertThat(outcome.err()).contains(parts).doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(outcome.code()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString())).isSubsetOf("data.csv", "given");
        }
    }

    @Test
    void aMissingFile() throws IOException {
        Path missing = folder.resolve("none.csv");
        assertRefused(train(missing), "slicedscore train: there is no file " + missing);
    }

    @Test
    void anEmptyFile() throws IOException {
        assertRefused(train(data("")), "data.csv is empty");
    }

    /** What comes through a pipe is gone after the first look at it, so that the second finds nothing. */
    @Test
    void aDeviceIsNoInputAndNoOutput() throws IOException {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "this system has no /dev/null");
        assertRefused(Cli.run("score", energy, device), "/dev/null is a pipe or a device", "write it to a file first");
        // A link in a folder of the test, so that what fails here replaces no device.
        Path link = Files.createSymbolicLink(folder.resolve("given"), device);
        assertRefused(
                Cli.run("sample", energy, "-n", "2", "--steps", "2", "--out", link, "--force"),
                "--out: " + link + " is a device or a pipe",
                "give the name of a file");
        assertThat(Files.readSymbolicLink(link)).isEqualTo(device);
        Files.delete(link);
        assertRefused(Cli.run("sample", energy, "-n", "2", "--out", ""), "--out: the name is empty");
    }

    @Test
    void moreSamplesThanAnArrayHolds() throws IOException {
        assertRefused(
                Cli.run("sample", energy, "-n", "2000000000"),
                "--count: 2000000000 rows of 2 numbers are more than 2^31 - 1 numbers");
    }

    @Test
    void aHeaderAlone() throws IOException {
        assertRefused(train(data("a,b\n")), "data.csv holds a header, but no rows", "--no-header");
    }

    @Test
    void aRaggedRow() throws IOException {
        assertRefused(
                train(data("a,b\n1,2\n3\n")), "data.csv, line 3: 1 field where the first line has 2", "--delimiter");
    }

    @Test
    void textInAColumnOfNumbers() throws IOException {
        assertRefused(
                train(data("a,kind,place b\n1,x,y\n2,x,z\n")),
                "'kind' (line 2: 'x')",
                "leave them out with --drop 'kind,place b'");
    }

    @Test
    void theDropThatIsProposedWorks() throws IOException {
        Path data = data("a,kind,\"place, b\"\n1,x,y\n2,x,z\n3.5,x,z\n");
        assertThat(train(data).err()).contains("--drop 'kind,\"place, b\"'");
        assertThat(train(data, "--drop", "kind,\"place, b\"").code()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"nan,has no number but 'nan'", "inf,is not a finite number", "'',has no number"})
    void notANumberAndInfinity(String field, String message) throws IOException {
        assertRefused(train(data("a,b\n1,2\n3,4\n" + field + ",5\n")), "data.csv, line 4: ", "column 'a'", message);
    }

    @Test
    void aConstantColumn() throws IOException {
        assertRefused(
                train(data("a,b\n1,7\n2,7\n3,7\n")), "data.csv: column 'b' is constant", "leave it out with --drop b");
    }

    @Test
    void twoColumnsOfOneName() throws IOException {
        assertRefused(train(data("a,a\n1,2\n3,4\n")), "data.csv, line 1: columns 1 and 2 are both called 'a'");
    }

    @Test
    void oneRow() throws IOException {
        assertRefused(train(data("a,b\n1,2\n")), "data.csv has too few rows: 1");
    }

    @ParameterizedTest
    @CsvSource({"--drop", "--columns", "--condition"})
    void anUnknownColumn(String option) throws IOException {
        assertRefused(train(data(GOOD), option, "zz"), option + " names 'zz', which is not a column; there are a, b");
    }

    @Test
    void anUnknownConditionBesideColumns() throws IOException {
        assertRefused(train(data(GOOD), "--columns", "a", "--condition", "zz"), "--condition names 'zz'");
    }

    @ParameterizedTest
    @CsvSource({"--columns", "--drop"})
    void aConditionThatIsModelledOrDropped(String option) throws IOException {
        assertRefused(
                train(data(GOOD), option, "a", "--condition", "a"),
                "--condition and " + option + " both name 'a'",
                "leave it out of one of them");
    }

    @Test
    void nothingToModel() throws IOException {
        assertRefused(train(data(GOOD), "--condition", "a,b"), "every column is a condition");
    }

    @ParameterizedTest
    @CsvSource({
        "--hidden,0,such as 128,",
        "--hidden,many,the word none",
        "--hidden,'128,,3',the word none",
        "--lr,0,a positive number",
        "--lr,NaN,a positive number",
        "--lr,fast,a positive number",
        "--batch,0,at least 1",
        "--steps,1.5,at least 1",
        "--validation,1,below 1",
        "--noise,-1,at least 0",
        "--activation,swish,'softplus, tanh'",
        "--objective,kl,'ssm-vr, ssm, exact, dsm, fd-ssm, multi-dsm, multi-ssm-vr'",
        "--sigma,0,a positive number",
        "--sigma,-0.1,a positive number",
        "--epsilon,0,a positive number",
        "--noise-levels,5:0.05,LARGEST:SMALLEST:COUNT",
        "--noise-levels,high:low:3,LARGEST:SMALLEST:COUNT",
        "--noise-levels,0.05:5:10,positive and fall from the largest to the smallest",
        "--noise-levels,5:0:10,positive and fall from the largest to the smallest",
        "--noise-levels,5:0.05:1,at least two",
        "--fourier,32,COUNT:SCALE",
        "--fourier,0:2,at least one",
        "--fourier,32:0,a positive number",
        "--projection,ball,'rademacher, gaussian'",
        "--model,flow,'energy, score'",
        "--missing,keep,'error, drop'",
        "--delimiter,ab,one character",
        "--drop,'a,,b',single commas",
        "--columns,'a,a',twice"
    })
    void aValueThatAnOptionCannotTake(String option, String value, String mend) throws IOException {
        Path data = data(GOOD);
        List<Object> line = List.of("train", data, "--out", folder.resolve("m.safetensors"), option, value);
        assertRefused(Cli.run(line.toArray()), option, "'" + value + "'", mend, "Try 'slicedscore train --help'.");
    }

    @Test
    void stepsAndEpochs() throws IOException {
        assertRefused(train(data(GOOD), "--epochs", "3"), "--epochs", "--steps", "mutually exclusive");
    }

    @Test
    void whatBelongsToAnotherKindOfNetwork() throws IOException {
        Path data = data(GOOD);
        assertRefused(
                train(data, "--model", "score", "--base", "2"),
                "--base goes with --model energy or dkef, not with score");
        assertRefused(train(data, "--kernels", "3:30:200"), "--kernels goes with --model dkef, not with energy");
        assertRefused(
                train(data, "--model", "dkef", "--couplings", "2"),
                "--couplings goes with --model nice, not with dkef");
        assertRefused(train(data, "--prior", "logistic"), "--prior goes with --model nice, not with energy");
        assertRefused(
                train(data, "--model", "nice", "--residual"),
                "the kind nice know no residual layers",
                "leave them out");
        assertRefused(train(data, "--model", "dkef", "--fourier", "8:1"), "the kind dkef know no Fourier features");
        assertRefused(
                train(data, "--model", "dkef", "--noise-levels", "5:0.1:4"), "the kind dkef know no noise levels");
        assertRefused(train(data, "--model", "nice", "--couplings", "1000000000"), "there are 1 to 1000 couplings");
        assertRefused(
                train(data, "--model", "dkef", "--backend", "cuda"), "--backend cuda", "networks of the kind dkef");
        assertRefused(
                train(data, "--model", "nice", "--precision", "tf32"), "--precision tf32", "networks of the kind nice");
        assertRefused(train(data, "--model", "dkef", "--batch", "1"), "half of a deep kernel energy's batch", "not 1");
        assertRefused(train(data, "--model", "dkef", "--kernels", "2000:1:1"), "there are 1 to 1000 kernels");
        assertRefused(train(data, "--model", "dkef", "--kernels", "3:0:2"), "--kernels", "'3:0:2'", "such as 3:30:200");
    }

    @Test
    void patienceWithoutHeldOutRows() throws IOException {
        assertRefused(train(data(GOOD), "--patience", "3", "--validation", "0"), "--patience needs held-out rows");
    }

    @ParameterizedTest
    @CsvSource({
        "energy,relu,ssm-vr",
        "energy,elu,ssm-vr",
        "score,relu,ssm-vr",
        "energy,elu,exact",
        "score,relu,exact",
        "energy,elu,multi-ssm-vr",
        "energy,relu,dsm",
        "energy,relu,multi-dsm"
    })
    void anActivationWhoseKinkBiasesTheObjective(String model, String activation, String objective) throws IOException {
        assertRefused(
                train(data(GOOD), "--model", model, "--activation", activation, "--objective", objective),
                "--activation: the activation " + activation + " does not go with " + objective,
                "use softplus");
    }

    @ParameterizedTest
    @CsvSource({"energy,elu,dsm", "score,relu,multi-dsm", "energy,relu,fd-ssm"})
    void anActivationWhoseKinkDoesNoHarm(String model, String activation, String objective) throws IOException {
        Outcome outcome = train(data(GOOD), "--model", model, "--activation", activation, "--objective", objective);
        assertThat(outcome.code()).as(outcome.err()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "exact,--slices,2,'ssm, ssm-vr, fd-ssm or multi-ssm-vr'",
        "dsm,--slices,2,'ssm, ssm-vr, fd-ssm or multi-ssm-vr'",
        "multi-dsm,--projection,sphere,'ssm, ssm-vr, fd-ssm or multi-ssm-vr'",
        "ssm-vr,--sigma,0.1,dsm",
        "exact,--sigma,0.1,dsm",
        "multi-dsm,--sigma,0.1,dsm",
        "ssm,--epsilon,0.1,fd-ssm",
        "ssm,--noise-levels,5:0.05:3,'dsm, ssm-vr, multi-dsm or multi-ssm-vr'",
        "fd-ssm,--noise-levels,5:0.05:3,'dsm, ssm-vr, multi-dsm or multi-ssm-vr'",
        "exact,--noise-levels,5:0.05:3,'dsm, ssm-vr, multi-dsm or multi-ssm-vr'"
    })
    void anOptionThatTheObjectiveDoesNotTake(String objective, String option, String value, String takers)
            throws IOException {
        assertRefused(
                train(data(GOOD), "--objective", objective, option, value),
                option + " goes with --objective " + takers + ", not with " + objective,
                "leave one of the two out");
    }

    @Test
    void oneLevelOfNoiseAndSeveral() throws IOException {
        assertRefused(
                train(data(GOOD), "--objective", "dsm", "--sigma", "0.1", "--noise-levels", "5:0.05:3"),
                "--sigma is the one level of dsm",
                "leave one of the two out");
    }

    @Test
    void aMisspeltOption() throws IOException {
        assertRefused(train(data(GOOD), "--hiden", "3"), "Unknown option", "--hidden");
    }

    @Test
    void whatIsMisspeltIsNamedBeforeWhatIsMissing() throws IOException {
        assertRefused(
                Cli.run("train", data(GOOD), "--oot", "m.safetensors"),
                "slicedscore train: Unknown: '--oot'",
                "Did you mean '--out'?");
        assertRefused(Cli.run("train", data(GOOD), "--hiden=3", "-o", "m"), "Did you mean '--hidden'?");
        assertRefused(Cli.run("train", data(GOOD), "--no-deqantize", "-o", "m"), "Did you mean '--no-dequantize'?");
        assertRefused(Cli.run("trian", data(GOOD)), "slicedscore: Unmatched", "Did you mean 'train'?");
        assertRefused(Cli.run("help", "trian"), "there is no command 'trian'; did you mean 'train'?");
    }

    @Test
    void noOutput() throws IOException {
        assertRefused(Cli.run("train", data(GOOD)), "Missing required option: '--out=M.safetensors'");
    }

    @Test
    void anOutputThatCannotBeWritten() throws IOException {
        Path out = folder.resolve("no/such/m.safetensors");
        assertRefused(Cli.run("train", data(GOOD), "--out", out), "--out: there is no directory " + out.getParent());
        assertRefused(Cli.run("train", data(GOOD), "--out", folder), "--out: " + folder + " is a directory");
    }

    @ParameterizedTest
    @CsvSource({"m.safetensors", "m.training.csv", "m.training.png", "m.train.properties"})
    void anOutputThatExists(String name) throws IOException {
        Path kept =
                Files.writeString(Files.createDirectory(folder.resolve("given")).resolve(name), "precious");
        // The data are not even looked for.
        Outcome outcome = Cli.run("train", folder.resolve("none.csv"), "--out", folder.resolve("given/m.safetensors"));

        assertRefused(outcome, "--out: " + kept + " exists; replace it with --force");
        assertThat(kept).hasContent("precious");
        try (Stream<Path> files = Files.list(kept.getParent())) {
            assertThat(files).containsExactly(kept);
        }
    }

    @Test
    void checkpointsOfAnEarlierTraining() throws IOException {
        Path last =
                Files.createDirectories(folder.resolve("given/m.checkpoints")).resolve("step-000000010.safetensors");
        Files.writeString(last, "earlier");

        assertRefused(
                Cli.run("train", data(GOOD), "--out", folder.resolve("given/m.safetensors")),
                "continue it with --resume, or start over with --force");
    }

    @Test
    void aMissingModel() throws IOException {
        assertRefused(Cli.run("info", folder.resolve("no.safetensors")), "there is no model file ");
    }

    @Test
    void aTruncatedModel() throws IOException {
        byte[] bytes = Files.readAllBytes(energy);
        Path cut = Files.createDirectory(folder.resolve("given")).resolve("cut.safetensors");
        for (int length : new int[] {0, 4, 8, 100, bytes.length / 2, bytes.length - 1}) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertRefused(Cli.run("score", cut, data(GOOD)), cut.toString());
            assertRefused(Cli.run("sample", cut), cut.toString());
            assertRefused(Cli.run("info", cut), cut.toString());
        }
    }

    @Test
    void aModelWhoseHeaderLiesAboutOffsets() throws IOException {
        byte[] bytes = Files.readAllBytes(energy);
        int length = (int) ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
        String header = new String(bytes, 8, length, UTF_8);
        int digits = header.indexOf("\"data_offsets\":[") + "\"data_offsets\":[".length();
        assertThat(digits).isGreaterThan(20);
        bytes[8 + digits] = '8';
        Path lying = Files.createDirectory(folder.resolve("given")).resolve("lying.safetensors");
        Files.write(lying, bytes);

        assertRefused(Cli.run("score", lying, data(GOOD)), lying.toString(), "offset");
    }

    @Test
    void dataOfOtherColumnsThanTheModels() throws IOException {
        Path other = data("a,c\n1,2\n3,4\n");
        assertRefused(Cli.run("score", energy, other), other + " lacks the column 'b, in m' of the model; it has a, c");
        assertRefused(
                Cli.run("sample", energy, "--plot", folder.resolve("p.png"), "--data", other),
                other + " lacks the column 'b, in m'");
    }

    @Test
    void samplesThatCannotBeWritten() throws IOException {
        Path kept =
                Files.writeString(Files.createDirectory(folder.resolve("given")).resolve("s.csv"), "precious");
        assertRefused(Cli.run("sample", energy, "--out", kept), "--out: " + kept + " exists");
        assertRefused(Cli.run("sample", energy, "--plot", kept, "--data", data(GOOD)), "--plot: " + kept + " exists");
        assertThat(kept).hasContent("precious");
    }

    @Test
    void aPlotWithoutData() throws IOException {
        assertRefused(Cli.run("sample", energy, "--plot", folder.resolve("p.png")), "--plot and --data go together");
    }

    @Test
    void conditionsThatTheModelDoesNotHave() throws IOException {
        assertRefused(Cli.run("sample", energy, "--given", "a=1"), "--given names 'a'", "it has none");
    }

    @Test
    void aBackendThatIsNotThere() throws IOException {
        assertRefused(train(data(GOOD), "--backend", "abacus"), "no backend is called 'abacus'; choose one of auto");
    }

    @Test
    void aPrecisionThatTheBackendLacks() throws IOException {
        Path data = data(GOOD);
        assertRefused(
                train(data, "--precision", "bf16", "--backend", "cpu"),
                "backend cpu can't be used here: the processor's kernels compute in fp32 alone",
                "--precision fp32");
        assertRefused(
                Cli.run("score", energy, data, "--precision", "fp16"),
                "Invalid value for option '--precision': 'fp16' is none of fp32, tf32, bf16");
    }

    @Test
    void aSettingThatIsNoNumber() throws IOException {
        String text = new String(Files.readAllBytes(energy), ISO_8859_1);
        assertThat(text).contains("\"setting.noise\":\"0.05\"");
        Path damaged = Files.write(
                Files.createDirectory(folder.resolve("given")).resolve("damaged.safetensors"),
                text.replace("\"setting.noise\":\"0.05\"", "\"setting.noise\":\"much\"")
                        .getBytes(ISO_8859_1));
        Path rows = Tables.mixture(folder.resolve("data.csv"), 50);

        Outcome outcome = Cli.run("evaluate", damaged, rows);

        assertThat(outcome.err()).contains(damaged + ": metadata 'setting.noise' is 'much', not a number");
        assertThat(outcome.code()).isEqualTo(2);
    }

    @Test
    void aTrainingThatAnotherOneIsWriting() throws IOException {
        Path given = Files.createDirectory(folder.resolve("given"));
        Path checkpoints = given.resolve("m.checkpoints");
        Path data = data(GOOD);
        Object[] line = {"train", data, "--out", given.resolve("m.safetensors"), "--steps", "2"};
        try (CheckpointDirectory lock = CheckpointDirectory.open(checkpoints)) {
            assertRefused(
                    Cli.run(line), "--out: another training is writing " + checkpoints + "; wait until it has ended");
            assertThat(lock).isNotNull();
        }
        assertThat(Cli.run(line).code()).isZero();
    }

    @Test
    void aDemoOverAFile() throws IOException {
        Path file = data(GOOD);
        assertRefused(Cli.run("demo", "--out", file), "--out: " + file + " is a file");
    }

    @Test
    void outputsThatAreInputsAreRefusedEvenWithForce() throws IOException {
        Path given = Files.createDirectory(folder.resolve("given"));
        Path data = Files.writeString(given.resolve("in.training.csv"), "a,b\n1,2\n2,1\n3,5\n");
        byte[] before = Files.readAllBytes(data);
        assertRefused(Cli.run("train", data, "--out", data, "--force"), "--out: " + data + " is also the data");
        Path model = given.resolve("in.safetensors");
        assertRefused(Cli.run("train", data, "--out", model, "--force"), "--out: " + data + " is also the data");
        assertRefused(Cli.run("sample", model, "--out", model, "--force"), "--out: " + model + " is also the model");
        assertRefused(Cli.run("sample", model, "--out", model), "--out: " + model + " is also the model");
        assertRefused(
                Cli.run("sample", model, "--out", data, "--plot", data, "--data", data, "--force"),
                "--out: " + data + " is also the file of --data");
        assertThat(data).hasBinaryContent(before);
    }
}
