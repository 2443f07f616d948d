package io.github.slicedscore.cli;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/** Text in pictures, which a Java on a bare server may be unable to draw. */
final class Fonts {
    /** Why not, and what helps. */
    static final String MISSING = "this Java can't draw text; install fontconfig and a font (on Debian: apt-get install"
            + " fontconfig fonts-dejavu-core), and a Java that has AWT";

    private Fonts() {}

    static Font plain(float size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, 12).deriveFont(size);
    }

    static Font bold(float size) {
        return new Font(Font.SANS_SERIF, Font.BOLD, 12).deriveFont(size);
    }

    /** Whether text can be drawn; the only way to know is to try. */
    static boolean areThere() {
        try {
            Graphics2D graphics = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics();
            graphics.setFont(plain(12));
            boolean drawable = graphics.getFontMetrics().stringWidth("x") > 0;
            graphics.dispose();
            return drawable;
        } catch (RuntimeException | LinkageError | InternalError e) {
            // Depending on what is missing, AWT throws one or the other.
            return false;
        }
    }
}
