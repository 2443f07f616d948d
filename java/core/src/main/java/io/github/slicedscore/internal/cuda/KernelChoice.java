package io.github.slicedscore.internal.cuda;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which of a device's kernels compute. By default the native library chooses for each network; the system property
 * {@value #PROPERTY} may ask for one kind, to find out whether a fault lies in the other, and to repeat bit for bit elsewhere what
 * was trained with it.
 */
enum KernelChoice {
    /** The fused ones where they fit. */
    AUTO,
    /** One or more for each layer, for networks of every size. */
    LAYERED,
    /** One for a whole pass; networks that it does not fit are refused. */
    FUSED;

    /** Names the choice; counts when a backend is opened. */
    static final String PROPERTY = "slicedscore.cuda.kernels";

    /** As the property and kernel sets have it. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the property asks for, or null where it names no choice. Empty, as a shell variable leaves it, it is "auto". */
    static @Nullable KernelChoice ofProperty() {
        String wanted = asked();
        return Arrays.stream(values())
                .filter(choice ->
                        wanted.isEmpty() ? choice == AUTO : choice.id().equals(wanted))
                .findFirst()
                .orElse(null);
    }

    /** The property's value. */
    static String asked() {
        return System.getProperty(PROPERTY, "");
    }

    /** All of them, for messages. */
    static String choices() {
        return Arrays.stream(values()).map(KernelChoice::id).collect(Collectors.joining(", "));
    }
}
