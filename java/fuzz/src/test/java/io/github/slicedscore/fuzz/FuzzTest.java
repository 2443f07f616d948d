package io.github.slicedscore.fuzz;

import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fuzzer is given, without it: stored inputs, and random changes of them, which are the same in each run. */
class FuzzTest {
    private static final int MUTATIONS = 2000;

    static Stream<Target> targets() {
        return Targets.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("targets")
    @Timeout(value = 600, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void noInputBreaksAPromise(Target target) throws Exception {
        List<byte[]> corpus = target.corpus();
        for (byte[] input : corpus) {
            run(target, input);
        }
        Mutations mutations =
                new Mutations(corpus, target.words(), target.name().hashCode());
        for (int i = 0; i < MUTATIONS; i++) {
            run(target, mutations.next());
        }
        System.out.println(target + ": " + corpus.size() + " stored inputs and " + MUTATIONS + " changes of them");
    }

    private static void run(Target target, byte[] input) {
        try {
            target.test().accept(input);
        } catch (Exception | Error e) {
            throw new AssertionError(
                    target + " on what is in Base64 " + Base64.getEncoder().encodeToString(input), e);
        }
    }
}
