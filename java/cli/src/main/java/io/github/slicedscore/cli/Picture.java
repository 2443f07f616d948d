package io.github.slicedscore.cli;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** A white sheet to draw on, and its PNG file. */
final class Picture {
    static final Color INK = new Color(0x222222);
    static final Color PALE_INK = new Color(0x777777);

    private final BufferedImage image;
    private final Graphics2D graphics;

    Picture(int width, int height) {
        image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.WHITE);
        graphics.fillRect(0, 0, width, height);
        graphics.setColor(INK);
    }

    Graphics2D graphics() {
        return graphics;
    }

    /** Draws text that is centred at x and stands on the line y. */
    void centred(String text, double x, double y) {
        graphics.drawString(text, (float) (x - graphics.getFontMetrics().stringWidth(text) / 2.0), (float) y);
    }

    byte[] png() throws IOException {
        graphics.dispose();
        return png(image);
    }

    /** An image as a PNG file. */
    static byte[] png(BufferedImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Its cache file would need a hook at the JVM's end, which may have come already.
        ImageIO.setUseCache(false);
        ImageIO.write(image, "png", bytes);
        return bytes.toByteArray();
    }
}
