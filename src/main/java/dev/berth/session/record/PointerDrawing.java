package dev.berth.session.record;

import dev.berth.browser.Screencast.ScreenFrame;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.plugins.jpeg.JPEGHuffmanTable;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.w3c.dom.NodeList;

/**
 * Draws the mouse into frames of recordings, on one thread for all sessions of the node. A dense picture of 1280 x 720 takes 12 ms of a
 * processor: its colours are neither converted nor quantized anew.
 */
public final class PointerDrawing {
    private static final Logger log = LoggerFactory.getLogger(PointerDrawing.class);
    private static final int MAX_WAITING = 8;
    /** Three bytes of memory each. */
    private static final int MAX_PIXELS = 1 << 23;

    private static final int BANDS = 3;

    private final WorkerExecutor thread;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean failed = new AtomicBoolean();

    public PointerDrawing(Vertx vertx) {
        this.thread = vertx.createSharedWorkerExecutor("berth-pointer", 1);
    }

    /** Gives the frame with the mark, and the frame as it is where that can't be drawn or too much waits already. Never fails. */
    Future<ScreenFrame> draw(ScreenFrame frame, PointerMark mark) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            return Future.succeededFuture(frame);
        }
        return thread.executeBlocking(() -> drawn(frame, mark), false)
                .onComplete(done -> waiting.decrementAndGet())
                .onFailure(this::missed)
                .otherwise(frame);
    }

    /** All that follow may fail like the first. */
    private void missed(Throwable e) {
        if (failed.compareAndSet(false, true)) {
            log.warn("the mouse can't be drawn into a frame of a recording", e);
        } else {
            log.debug("the mouse can't be drawn into a frame of a recording: {}", e.toString());
        }
    }

    static ScreenFrame drawn(ScreenFrame frame, PointerMark mark) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        try {
            reader.setInput(new MemoryCacheImageInputStream(
                    new ByteArrayInputStream(frame.jpeg().getBytes())));
            if ((long) reader.getWidth(0) * reader.getHeight(0) > MAX_PIXELS || frame.width() < 1) {
                return frame;
            }
            Raster picture = reader.readRaster(0, null);
            if (picture.getNumBands() != BANDS) {
                return frame;
            }
            mark.draw((WritableRaster) picture, (double) picture.getWidth() / frame.width());
            Buffer jpeg = jpeg(
                    new IIOImage(picture, null, tables(reader.getImageMetadata(0))),
                    frame.jpeg().length());
            return frame.with(jpeg);
        } finally {
            reader.dispose();
        }
    }

    /** Chrome chooses the Huffman codes of each picture for what is in it: they may have none for a mark. The usual ones have all. */
    private static IIOMetadata tables(IIOMetadata read) throws IOException {
        IIOMetadataNode root = (IIOMetadataNode) read.getAsTree(read.getNativeMetadataFormatName());
        NodeList codes = root.getElementsByTagName("dhtable");
        for (int i = 0; i < codes.getLength(); i++) {
            IIOMetadataNode code = (IIOMetadataNode) codes.item(i);
            boolean dc = code.getAttribute("class").equals("0");
            code.setUserObject(dc ? JPEGHuffmanTable.StdDCLuminance : JPEGHuffmanTable.StdACLuminance);
        }
        read.setFromTree(read.getNativeMetadataFormatName(), root);
        return read;
    }

    /** Encodes the picture with the quantization of the one that was read: parts that were not drawn on stay as they were. */
    private static Buffer jpeg(IIOImage picture, int sizeBefore) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream(sizeBefore + sizeBefore / 8);
        try (ImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
            writer.setOutput(stream);
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_COPY_FROM_METADATA);
            writer.write(null, picture, how);
        } finally {
            writer.dispose();
        }
        return Buffer.buffer(out.toByteArray());
    }
}
