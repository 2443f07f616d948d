package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepPaceTest {
    private static final long LEFT = 1_000_000;

    @Test
    void beginsWithOneStepAndGrowsByPace() {
        StepPace pace = new StepPace();
        int[] wanted = {1, 4, 16, 64, 256, 256};
        for (int steps : wanted) {
            assertThat(pace.next(LEFT)).isEqualTo(steps);
            pace.took(steps, 10_000L * steps);
        }
    }

    /** Steps of 5 ms go four at a time, longer ones than 10 ms one by one, however few are left up to a validation. */
    @ParameterizedTest(name = "{0} us a step")
    @CsvSource({"1,256", "100,200", "5000,4", "10001,1", "60000000,1"})
    void takesNoLongerThanNobodyNotices(long micros, int steps) {
        StepPace pace = new StepPace();
        for (int i = 0; i < 10; i++) {
            int next = pace.next(LEFT);
            pace.took(next, 1000 * micros * next);
        }
        assertThat(pace.next(LEFT)).isEqualTo(steps);
        assertThat(pace.next(3)).isEqualTo(Math.min(3, steps));
    }

    @Test
    void stepsThatBecomeSlowGoOneByOneAgain() {
        StepPace pace = new StepPace();
        for (int i = 0; i < 10; i++) {
            pace.took(pace.next(LEFT), 1);
        }
        assertThat(pace.next(LEFT)).isEqualTo(StepPace.MOST);
        pace.took(StepPace.MOST, 60_000_000_000L);
        assertThat(pace.next(LEFT)).isEqualTo(1);
    }
}
