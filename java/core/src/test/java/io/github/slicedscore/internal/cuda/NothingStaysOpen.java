package io.github.slicedscore.internal.cuda;

import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class where there is no device, and says why; after it nothing is left. */
final class NothingStaysOpen extends NothingIsLeft {
    @Override
    public void beforeAll(ExtensionContext context) {
        NativeLibrary.require();
        super.beforeAll(context);
    }
}
