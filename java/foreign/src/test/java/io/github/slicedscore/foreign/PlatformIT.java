package io.github.slicedscore.foreign;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        project = ForeignProject.build("platform", Jdk.running(), "slicedscore-platform", true);
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aProjectWithoutModulesTrains(int feature) throws Exception {
        ForeignProject built =
                ForeignProject.build("platform-class-path", Jdk.find(feature), "slicedscore-platform", false);

        Trained.assertWithoutDevice(built.runOnClassPath());
        ReadmeExample.assertRan(built.runReadmeOnClassPath());
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aModuleTrains(int feature) throws Exception {
        ForeignProject built =
                ForeignProject.build("platform-module-path", Jdk.find(feature), "slicedscore-platform", true);

        Trained.assertWithoutDevice(built.runOnModulePath());
        ReadmeExample.assertRan(built.runReadmeOnModulePath());
    }

    @Test
    void theNativeLibraryLoadsWithoutADriver() throws Exception {
        Trained.assumeNoDevice();

        Trained.assertWithWarning(
                project.runOnClassPath(
                        project.anyDevice("ALL-UNNAMED", "-Dorg.bytedeco.javacpp.cachedir=target/fresh-class-path")),
                NO_DRIVER);
    }

    @Test
    void theNativeJarIsAModuleToo() throws Exception {
        Trained.assumeNoDevice();

        Trained.assertWithWarning(
                project.runOnModulePath(project.anyDevice(
                        "org.bytedeco.javacpp,io.github.slicedscore",
                        "-Dorg.bytedeco.javacpp.cachedir=target/fresh-module-path",
                        "--add-modules=io.github.slicedscore.linux.x86_64.cuda")),
                NO_DRIVER);
    }

    @Test
    void twoProgramsUnpackTheNativeLibraryAtOnceWithoutAHome() throws Exception {
        Trained.assumeNoDevice();
        // Below a file nobody can make a folder, which is as good as a home that is read-only.
        String[] options = project.anyDevice("ALL-UNNAMED", "-Duser.home=/dev/null/home", "-Djava.io.tmpdir=target");

        Command first = project.startOnClassPath("first", options);
        Command second = project.startOnClassPath("second", options);

        Trained.assertWithWarning(first.await(), NO_DRIVER);
        Trained.assertWithWarning(second.await(), NO_DRIVER);
    }
}
