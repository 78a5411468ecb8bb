package dev.berth.recording;

import io.vertx.core.buffer.Buffer;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.plugins.jpeg.JPEGImageWriteParam;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** JPEGs. */
public final class Pictures {
    private Pictures() {}

    public static Buffer plain(Color colour, int width, int height) throws IOException {
        return jpeg(image(colour, width, height), false);
    }

    /** As Chrome writes it: with Huffman codes for nothing but what is in it. */
    public static Buffer tuned(Color colour, int width, int height) throws IOException {
        return jpeg(image(colour, width, height), true);
    }

    private static BufferedImage image(Color colour, int width, int height) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(0, 0, width, height);
        return image;
    }

    /** What is dear to encode. */
    public static Buffer noise(long seed, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(seed);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, random.nextInt());
            }
        }
        return jpeg(image, false);
    }

    private static Buffer jpeg(BufferedImage image, boolean tuned) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(stream);
            JPEGImageWriteParam how = (JPEGImageWriteParam) writer.getDefaultWriteParam();
            how.setOptimizeHuffmanTables(tuned);
            writer.write(null, new IIOImage(image, null, null), how);
        } finally {
            writer.dispose();
        }
        return Buffer.buffer(bytes.toByteArray());
    }
}
