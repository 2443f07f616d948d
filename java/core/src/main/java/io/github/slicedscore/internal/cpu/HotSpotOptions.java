package io.github.slicedscore.internal.cpu;

import java.lang.reflect.Method;

/**
 * Options of HotSpot as they are in effect: given, or set by the JVM for the processor it found.
 *
 * <p>Asked by reflection, because they belong to the module jdk.management, which a Java may be built without.
 */
final class HotSpotOptions {
    private HotSpotOptions() {}

    /** Whether an option is known to be off: false, too, for one that this JVM does not have or does not tell. */
    static boolean isOff(String name) {
        try {
            Class<?> type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean");
            Object bean = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getPlatformMXBean", Class.class)
                    .invoke(null, type);
            if (bean == null) {
                return false;
            }
            Object option = type.getMethod("getVMOption", String.class).invoke(bean, name);
            Method value = option.getClass().getMethod("getValue");
            return "false".equals(value.invoke(option));
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }
}
