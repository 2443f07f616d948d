package io.github.slicedscore.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.slicedscore.CapturedLog;
import io.github.slicedscore.backend.Backend;
import io.github.slicedscore.backend.BackendOptions;
import io.github.slicedscore.backend.Backends;
import io.github.slicedscore.backend.StepResult;
import io.github.slicedscore.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Loss of power after each thing that a training does to a disk, with all that it may leave there. */
class CrashReplayTest {
    private static final String DIRECTORY = "/runs/m.checkpoints";

    /** Ends a training that has told where it begins. */
    private static final class Begun extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    @ParameterizedTest(name = "keeping {0}")
    @ValueSource(ints = {1, 2})
    void goesOnFromTheLastSaveThatHadReturned(int kept) throws IOException {
        int states = 0;
        Map<Map<String, String>, Long> steps = new HashMap<>();
        int resumed = 0;
        Random random = new Random(kept);
        try (Backend backend = Backends.open("cpu", new BackendOptions(1, 0));
                CapturedLog log = new CapturedLog(CheckpointStore.class)) {
            TrainingReport wanted = SavedTraining.trainer(backend).run();
            Disk disk = new Disk();
            NavigableMap<Integer, Long> saved = saves(disk, backend, kept);
            for (int operations = 0; operations <= disk.operations(); operations++) {
                long least = saved.floorEntry(operations).getValue();
                List<Disk> left = disk.afterCrash(operations);
                for (Disk state : left) {
                    assertThat(steps.computeIfAbsent(state.contents(), any -> firstStep(state.copy(), backend)))
                            .as("step after a crash after operation %d of %d", operations, disk.operations())
                            .isGreaterThanOrEqualTo(least);
                }
                states += left.size();
                if (operations % 3 == 0) {
                    Path directory = left.get(random.nextInt(left.size())).path(DIRECTORY);
                    SavedTraining.assertSame(
                            SavedTraining.trainer(backend, directory).resume().run(), wanted);
                    resumed++;
                }
            }
            assertThat(log.lines()).as("nothing that has a name is damaged").isEmpty();
            System.out.printf(
                    "keeping %d: a crash after each of %d operations, %d states of the disk (%d different), all with the last"
                            + " save; %d resumed to the same bits%n",
                    kept, disk.operations(), states, steps.size(), resumed);
            assertThat(states).isGreaterThan(5 * disk.operations());
        }
    }

    /** Trains on a disk; returns the last step that had been saved, by the operations up to then. */
    private static NavigableMap<Integer, Long> saves(Disk disk, Backend backend, int kept) throws IOException {
        NavigableMap<Integer, Long> saved = new TreeMap<>();
        saved.put(0, 0L);
        SavedTraining.trainer(backend, disk.path(DIRECTORY))
                .keepCheckpoints(kept)
                .listener(new TrainingListener() {
                    @Override
                    public void stepped(StepResult result) {
                        long before = result.step() - 1;
                        saved.put(disk.operations(), before - before % SavedTraining.INTERVAL);
                    }
                })
                .run();
        saved.put(disk.operations(), (long) SavedTraining.STEPS);
        assertThat(saved.values()).contains(10L, 20L, 30L);
        return saved;
    }

    private static long firstStep(Disk disk, Backend backend) {
        AtomicLong first = new AtomicLong();
        Trainer trainer = SavedTraining.trainer(backend, disk.path(DIRECTORY)).resume();
        trainer.listener(new TrainingListener() {
            @Override
            public void started(TrainingPlan plan) {
                first.set(plan.firstStep());
                throw new Begun();
            }
        });
        assertThatThrownBy(trainer::run).isInstanceOf(Begun.class);
        return first.get();
    }
}
