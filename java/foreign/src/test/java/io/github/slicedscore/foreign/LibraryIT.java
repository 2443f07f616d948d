package io.github.slicedscore.foreign;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Projects that depend on the library alone, without native code. */
class LibraryIT {
    private static final String WHAT_IS_MISSING =
            "the native library is not on the class path.*slicedscore with the classifier linux-x86_64-cuda";

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aProjectWithoutModulesTrains(int feature) throws Exception {
        ForeignProject project = ForeignProject.build("class-path", Jdk.find(feature), "slicedscore", false);

        Trained.assertWithWarning(project.runOnClassPath(project.anyDevice("ALL-UNNAMED")), WHAT_IS_MISSING);
        Trained.assertWithoutDevice(project.runOnClassPath());
        ReadmeExample.assertRan(project.runReadmeOnClassPath());
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 25})
    void aModuleTrains(int feature) throws Exception {
        ForeignProject project = ForeignProject.build("module-path", Jdk.find(feature), "slicedscore", true);

        Trained.assertWithWarning(project.runOnModulePath(project.anyDevice("org.bytedeco.javacpp")), WHAT_IS_MISSING);
        Trained.assertWithoutDevice(project.runOnModulePath());
        ReadmeExample.assertRan(project.runReadmeOnModulePath());
    }
}
