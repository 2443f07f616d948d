package io.github.slicedscore.foreign;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Projects that depend on slicedscore-platform: library, native jar and the JavaCPP CUDA presets. */
@EnabledIfSystemProperty(
        named = ScratchRepository.NATIVE_JAR_PROPERTY,
        matches = "true",
        disabledReason = "the native jar is made and tested under the profile cuda")
class PlatformIT {
    private static final String NO_DRIVER = "no NVIDIA driver is loaded";

    private static ForeignProject project;

    @BeforeAll
    static void buildOnce() throws Exception {
        project = ForeignProject.build("platform", "slicedscore-platform", true);
    }

    @Test
    void aProjectWithoutModulesTrains() throws Exception {
        Trained.assertWithoutDevice(project.runOnClassPath());
    }

    @Test
    void aModuleTrains() throws Exception {
        Trained.assertWithoutDevice(project.runOnModulePath());
    }

    @Test
    void theNativeLibraryLoadsWithoutADriver() throws Exception {
        Trained.assumeNoDevice();

        Trained.assertWithWarning(
                project.runOnClassPath(
                        options("ALL-UNNAMED", "-Dorg.bytedeco.javacpp.cachedir=target/fresh-class-path")),
                NO_DRIVER);
    }

    @Test
    void theNativeJarIsAModuleToo() throws Exception {
        Trained.assumeNoDevice();

        Trained.assertWithWarning(
                project.runOnModulePath(options(
                        "org.bytedeco.javacpp,io.github.slicedscore",
                        "-Dorg.bytedeco.javacpp.cachedir=target/fresh-module-path",
                        "--add-modules=io.github.slicedscore.linux.x86_64.cuda")),
                NO_DRIVER);
    }

    @Test
    void twoProgramsUnpackTheNativeLibraryAtOnceWithoutAHome() throws Exception {
        Trained.assumeNoDevice();
        // Below a file nobody can make a folder, which is as good as a home that is read-only.
        String[] options = options("ALL-UNNAMED", "-Duser.home=/dev/null/home", "-Djava.io.tmpdir=target");

        Command first = project.startOnClassPath("first", options);
        Command second = project.startOnClassPath("second", options);

        Trained.assertWithWarning(first.await(), NO_DRIVER);
        Trained.assertWithWarning(second.await(), NO_DRIVER);
    }

    /** Those with which the native library is loaded, although there is no device. */
    private static String[] options(String nativeModules, String... others) {
        List<String> options = new ArrayList<>(List.of(others));
        options.add(ForeignProject.ANY_DEVICE);
        if (Runtime.version().feature() >= 24) {
            options.add("--enable-native-access=" + nativeModules);
        }
        return options.toArray(new String[0]);
    }
}
