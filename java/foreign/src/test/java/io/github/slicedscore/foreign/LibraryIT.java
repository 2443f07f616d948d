package io.github.slicedscore.foreign;

import org.junit.jupiter.api.Test;

/** Projects that depend on the library alone, without native code. */
class LibraryIT {
    private static final String WHAT_IS_MISSING =
            "the native library is not on the class path.*slicedscore with the classifier linux-x86_64-cuda";

    @Test
    void aProjectWithoutModulesTrains() throws Exception {
        ForeignProject project = ForeignProject.build("class-path", "slicedscore", false);

        Trained.assertWithWarning(project.runOnClassPath(ForeignProject.anyDevice("ALL-UNNAMED")), WHAT_IS_MISSING);
        Trained.assertWithoutDevice(project.runOnClassPath());
    }

    @Test
    void aModuleTrains() throws Exception {
        ForeignProject project = ForeignProject.build("module-path", "slicedscore", true);

        Trained.assertWithWarning(
                project.runOnModulePath(ForeignProject.anyDevice("org.bytedeco.javacpp")), WHAT_IS_MISSING);
        Trained.assertWithoutDevice(project.runOnModulePath());
    }
}
