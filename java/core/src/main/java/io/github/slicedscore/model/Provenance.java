package io.github.slicedscore.model;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a model comes from: enough to know what it is, and with the same data to train it again.
 *
 * @param version version of the library that trained it
 * @param created when, as an ISO-8601 instant
 * @param javaVersion version of the Java run-time
 * @param kernels the kernel set that computed it, on which the run repeats bit for bit; of a run that was resumed with others all of
 *     them, in turn
 * @param dataHash hash of the data
 * @param dataRows rows of the data, held-out rows included
 * @param seed key of all random numbers
 * @param steps updates done
 * @param bestStep the update after which the parameters were taken
 * @param trainingLoss training loss there
 * @param validationLoss loss of the held-out rows there; NaN where none were held out
 * @param settings name and text of everything else that decided the run: objective, slices, optimizer, batch, noise, ...
 */
public record Provenance(
        String version,
        String created,
        String javaVersion,
        String kernels,
        String dataHash,
        long dataRows,
        long seed,
        long steps,
        long bestStep,
        double trainingLoss,
        double validationLoss,
        Map<String, String> settings) {
    /** Copies the settings, in order of name. */
    public Provenance {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }
}
