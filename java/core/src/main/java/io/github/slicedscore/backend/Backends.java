package io.github.slicedscore.backend;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds backends.
 *
 * <p>The processor's computes on the Vector API where the JVM was started with {@code --add-modules jdk.incubator.vector}, and
 * else in plain Java, several times as slowly. The system property {@code slicedscore.kernels} may ask for "plain", or for "simd"
 * or one width of vectors, "simd-512", "simd-256" or "simd-128", instead of "auto"; it counts when the backend is first asked for.
 * What was chosen, and why, is logged once at INFO.
 */
public final class Backends {
    private static final System.Logger LOGGER = System.getLogger(Backends.class.getName());

    /** Names of the backends whose surprising absence was warned of. */
    private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

    private Backends() {}

    /**
     * All backends that are installed, the one that {@link #auto} would try first at the head.
     *
     * @return providers by falling priority
     */
    public static List<BackendProvider> providers() {
        return ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparingInt(BackendProvider::priority).reversed())
                .toList();
    }

    /**
     * Opens the fastest backend that works here. Why a faster one was passed over is logged at INFO; at WARNING, once a JVM,
     * where the machine looks as if that should work; and always where it should have opened and did not. Where its kernels do
     * not know what it is asked for later, the next one takes over, with the reason at INFO.
     *
     * <p>A backend that lacks the precision is passed over like one that can't work here, and none computes in another precision
     * than was asked for. The processor's has {@link Precision#FP32} alone, so that for the others there must be a GPU that has
     * them.
     *
     * @param options threads, device and precision
     * @return an open backend
     * @throws BackendUnavailableException if not even the last one can work here, because the system property
     *     {@code slicedscore.kernels} asks for kernels that can't be had, or if none has the precision, with what is missing for
     *     each
     */
    public static Backend auto(BackendOptions options) {
        return first(providers(), options);
    }

    private static Backend first(List<BackendProvider> providers, BackendOptions options) {
        Map<String, BackendStatus.Unavailable> passedOver = new LinkedHashMap<>();
        for (int i = 0; i < providers.size(); i++) {
            BackendProvider provider = providers.get(i);
            List<BackendProvider> slower = providers.subList(i + 1, providers.size());
            BackendStatus status = provider.status(options);
            if (status instanceof BackendStatus.Unavailable missing) {
                passedOver.put(provider.name(), missing);
                if (slower.isEmpty()) {
                    throw options.precision() == Precision.FP32
                            ? new BackendUnavailableException(provider.name(), missing)
                            : new BackendUnavailableException(options.precision(), passedOver);
                }
                passOver(provider, missing);
                continue;
            }
            try {
                Backend backend = provider.open(options);
                return slower.isEmpty() ? backend : new AutoBackend(backend, () -> first(slower, options));
            } catch (RuntimeException e) {
                if (slower.isEmpty()) {
                    throw e;
                }
                LOGGER.log(
                        System.Logger.Level.WARNING,
                        "backend {0} is not used, because it did not open: {1}",
                        provider.name(),
                        e.getMessage());
            }
        }
        throw new IllegalStateException(
                "no backend is installed; the jar of slicedscore is incomplete: META-INF/services has no entry that loads");
    }

    private static void passOver(BackendProvider provider, BackendStatus.Unavailable missing) {
        boolean warn = missing.surprising() && WARNED.add(provider.name());
        LOGGER.log(
                warn ? System.Logger.Level.WARNING : System.Logger.Level.INFO,
                "backend {0} is not used: {1}; {2}",
                provider.name(),
                missing.reason(),
                missing.remedy());
    }

    /**
     * Opens the fastest backend that works here, with one thread per core.
     *
     * @return an open backend
     * @throws BackendUnavailableException as {@link #auto(BackendOptions)}
     */
    public static Backend auto() {
        return auto(new BackendOptions());
    }

    /**
     * Opens a backend by name.
     *
     * @param name "cpu", "cuda", or "auto"
     * @param options threads, device and precision
     * @return an open backend
     * @throws BackendUnavailableException with reason and remedy, if it can't work here, or lacks the precision
     * @throws IllegalArgumentException naming the choices, if there is none of that name
     */
    public static Backend open(String name, BackendOptions options) {
        if (name.equals("auto")) {
            return auto(options);
        }
        List<BackendProvider> providers = providers();
        for (BackendProvider provider : providers) {
            if (provider.name().equals(name)) {
                if (provider.status(options) instanceof BackendStatus.Unavailable missing) {
                    throw new BackendUnavailableException(name, missing);
                }
                return provider.open(options);
            }
        }
        throw new IllegalArgumentException("no backend is called '" + name + "'; choose one of auto, "
                + String.join(
                        ", ", providers.stream().map(BackendProvider::name).toList()));
    }
}
