package io.github.slicedscore.foreign;

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
                project.runOnClassPath(ForeignProject.anyDevice(
                        "ALL-UNNAMED", "-Dorg.bytedeco.javacpp.cachedir=target/fresh-class-path")),
                NO_DRIVER);
    }

    @Test
    void theNativeJarIsAModuleToo() throws Exception {
        Trained.assumeNoDevice();

        Trained.assertWithWarning(
                project.runOnModulePath(ForeignProject.anyDevice(
                        "org.bytedeco.javacpp,io.github.slicedscore",
                        "-Dorg.bytedeco.javacpp.cachedir=target/fresh-module-path",
                        "--add-modules=io.github.slicedscore.linux.x86_64.cuda")),
                NO_DRIVER);
    }

    @Test
    void twoProgramsUnpackTheNativeLibraryAtOnceWithoutAHome() throws Exception {
        Trained.assumeNoDevice();
        // Below a file nobody can make a folder, which is as good as a home that is read-only.
        String[] options =
                ForeignProject.anyDevice("ALL-UNNAMED", "-Duser.home=/dev/null/home", "-Djava.io.tmpdir=target");

        Command first = project.startOnClassPath("first", options);
        Command second = project.startOnClassPath("second", options);

        Trained.assertWithWarning(first.await(), NO_DRIVER);
        Trained.assertWithWarning(second.await(), NO_DRIVER);
    }
}
