package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.berth.protocol.Pointing.Modifier;
import dev.berth.protocol.Pointing.MouseButton;
import dev.berth.protocol.VerbChoices.ContentFormat;
import dev.berth.protocol.VerbChoices.ImageFormat;
import dev.berth.protocol.VerbChoices.WaitUntil;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An action on one page: the one that {@link SessionClient#on} names, or the active one.
 *
 * @param <R> its reply
 */
public sealed interface PageAction<R extends SessionReply> extends SessionCommand.Action<R> {

    /**
     * Opens a URL in the page. An HTTP error status is success, a network error is not.
     *
     * @param url absolute, or a bare host as a person would type it
     * @param waitUntil when the navigation counts as done
     */
    record Navigate(String url, WaitUntil waitUntil, long timeout) implements PageAction<ActionReply.NavigationResult> {
        public Navigate {
            Require.text("url", url, 1, Require.MAX_TEXT_CHARS);
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeout);
        }

        /** Waits for the load event, for at most {@value SessionCommand.Action#DEFAULT_TIMEOUT_MILLIS} ms. */
        public Navigate(String url) {
            this(url, WaitUntil.LOAD, DEFAULT_TIMEOUT_MILLIS);
        }
    }

    /** Goes back one step in the page's history; {@code navigated} is false where there is none. */
    record GoBack(WaitUntil waitUntil, long timeout) implements PageAction<ActionReply.NavigationResult> {
        public GoBack {
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeout);
        }
    }

    /** Goes forward one step in the page's history; {@code navigated} is false where there is none. */
    record GoForward(WaitUntil waitUntil, long timeout) implements PageAction<ActionReply.NavigationResult> {
        public GoForward {
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeout);
        }
    }

    /** Reloads the page. */
    record Reload(WaitUntil waitUntil, long timeout) implements PageAction<ActionReply.NavigationResult> {
        public Reload {
            Require.present("waitUntil", waitUntil);
            Require.timeout(timeout);
        }
    }

    /** The act of {@link UseMouse}. */
    enum MouseUse {
        MOVE,
        DOWN,
        UP,
        CLICK,
        WHEEL;

        @JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Uses the mouse at a point of the viewport. A button that is pressed stays so until it is released.
     *
     * @param x CSS pixels from the left of the viewport
     * @param y CSS pixels from its top
     * @param button for {@code DOWN}, {@code UP} and {@code CLICK}
     * @param clickCount for {@code CLICK}; 2 for a double click
     * @param deltaX how many CSS pixels to turn it to the right, for {@code WHEEL}
     * @param deltaY the same downwards
     * @param modifiers keys that are held
     */
    record UseMouse(
            MouseUse action,
            double x,
            double y,
            MouseButton button,
            int clickCount,
            Optional<Double> deltaX,
            Optional<Double> deltaY,
            List<Modifier> modifiers,
            long timeout)
            implements PageAction<ActionReply.ElementResult> {
        private static final double MAX_PIXELS = 100_000;

        public UseMouse {
            Require.present("action", action);
            Require.within("x", x, -MAX_PIXELS, MAX_PIXELS);
            Require.within("y", y, -MAX_PIXELS, MAX_PIXELS);
            Require.present("button", button);
            Require.within("clickCount", clickCount, 1, 3);
            Require.present("deltaX", deltaX).ifPresent(by -> Require.within("deltaX", by, -MAX_PIXELS, MAX_PIXELS));
            Require.present("deltaY", deltaY).ifPresent(by -> Require.within("deltaY", by, -MAX_PIXELS, MAX_PIXELS));
            modifiers = Require.elements("modifiers", modifiers, 0, Modifier.values().length);
            Require.timeout(timeout);
        }
    }

    /**
     * Takes a screenshot of the page and stores it as an artifact.
     *
     * @param fullPage the whole document, not just the viewport
     * @param selector of a single element: see {@link ElementAction.Click}
     * @param quality 0 to 100, for JPEG and WebP
     * @param clip the part of the document to take, which may lie beyond the viewport; excludes {@code fullPage} and {@code selector}
     * @param omitBackground whether the picture is transparent where the page paints nothing; not for JPEG
     */
    record TakeScreenshot(
            boolean fullPage,
            Optional<String> selector,
            ImageFormat format,
            Optional<Integer> quality,
            long timeout,
            Optional<Clip> clip,
            boolean omitBackground)
            implements PageAction<ActionReply.ScreenshotTaken> {
        public TakeScreenshot {
            Require.selector(selector);
            Require.present("format", format);
            Require.present("quality", quality).ifPresent(value -> Require.within("quality", value, 0, 100));
            Require.timeout(timeout);
            if (Require.present("clip", clip).isPresent() && (fullPage || selector.isPresent())) {
                throw BerthException.invalid("clip can't be given with " + (fullPage ? "fullPage" : "selector"));
            } else if (omitBackground && format == ImageFormat.JPEG) {
                throw BerthException.invalid(
                        "omitBackground needs the format png or webp, as jpeg has no transparency");
            }
        }

        /** With the page's own background. */
        public TakeScreenshot(
                boolean fullPage,
                Optional<String> selector,
                ImageFormat format,
                Optional<Integer> quality,
                long timeout) {
            this(fullPage, selector, format, quality, timeout, Optional.empty(), false);
        }

        /** A screenshot of the page's visible part, as PNG, within {@value SessionCommand.Action#DEFAULT_TIMEOUT_MILLIS} ms. */
        public static TakeScreenshot ofView() {
            return new TakeScreenshot(
                    false, Optional.empty(), ImageFormat.PNG, Optional.empty(), DEFAULT_TIMEOUT_MILLIS);
        }

        /**
         * A part of the document, in CSS pixels. Both sides together make at most {@value #MAX_AREA} pixels: Chrome runs out of memory at
         * some more.
         *
         * @param x from the left of the document: 0 to 1,000,000, as Chrome shifts a part that begins before it
         * @param y from its top, the same
         * @param width 1 to {@value #MAX_SIDE}
         * @param height the same
         */
        public record Clip(double x, double y, double width, double height) {
            /** The limit of Chrome's pictures. */
            private static final int MAX_SIDE = 16_384;

            private static final int MAX_AREA = 64_000_000;
            private static final double MAX_OFFSET = 1_000_000;

            public Clip {
                Require.within("x", x, 0, MAX_OFFSET);
                Require.within("y", y, 0, MAX_OFFSET);
                Require.within("width", width, 1, MAX_SIDE);
                Require.within("height", height, 1, MAX_SIDE);
                if (width * height > MAX_AREA) {
                    throw BerthException.invalid(
                            "width times height must be at most " + MAX_AREA + ", not " + Math.round(width * height));
                }
            }
        }
    }

    /**
     * Prints the page to a PDF and stores it as an artifact. Lengths in inches: width and height 1 to 200, margin 0 to 100.
     *
     * @param scale 0.1 to 2
     * @param margin for all four sides
     * @param pageRanges such as {@code 1-3, 5}; empty for all pages
     * @param margins for each side, in place of {@code margin}
     * @param headerTemplate HTML at the top of each page, within the margin. Chrome fills elements of the classes {@code date}, {@code
     *     title}, {@code url}, {@code pageNumber} and {@code totalPages}
     * @param footerTemplate the same at the bottom
     * @param preferCssPageSize whether the size that CSS gives ({@code @page}) comes before width and height
     */
    record PrintPdf(
            boolean landscape,
            boolean printBackground,
            double scale,
            double width,
            double height,
            double margin,
            Optional<String> pageRanges,
            long timeout,
            Optional<Margins> margins,
            Optional<String> headerTemplate,
            Optional<String> footerTemplate,
            boolean preferCssPageSize)
            implements PageAction<ActionReply.PdfPrinted> {
        private static final double MAX_INCHES = 200;
        private static final double MAX_MARGIN = MAX_INCHES / 2;
        private static final int MAX_RANGE_CHARS = 1_000;
        private static final int MAX_TEMPLATE_CHARS = 100_000;

        public PrintPdf {
            Require.within("scale", scale, 0.1, 2);
            Require.within("width", width, 1, MAX_INCHES);
            Require.within("height", height, 1, MAX_INCHES);
            Require.within("margin", margin, 0, MAX_MARGIN);
            Require.text("pageRanges", pageRanges, 0, MAX_RANGE_CHARS);
            Require.timeout(timeout);
            Require.present("margins", margins);
            Require.text("headerTemplate", headerTemplate, 0, MAX_TEMPLATE_CHARS);
            Require.text("footerTemplate", footerTemplate, 0, MAX_TEMPLATE_CHARS);
        }

        /** With the same margin on all sides, without header and footer. */
        public PrintPdf(
                boolean landscape,
                boolean printBackground,
                double scale,
                double width,
                double height,
                double margin,
                Optional<String> pageRanges,
                long timeout) {
            this(
                    landscape,
                    printBackground,
                    scale,
                    width,
                    height,
                    margin,
                    pageRanges,
                    timeout,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    false);
        }

        /** The margins of a page in inches, each 0 to 100; a side that is not given has none. */
        public record Margins(
                Optional<Double> top, Optional<Double> right, Optional<Double> bottom, Optional<Double> left) {
            public Margins {
                top = side("top", top);
                right = side("right", right);
                bottom = side("bottom", bottom);
                left = side("left", left);
            }

            private static Optional<Double> side(String name, Optional<Double> inches) {
                Require.present(name, inches).ifPresent(given -> Require.within(name, given, 0, MAX_MARGIN));
                return inches.or(() -> Optional.of(0.0));
            }
        }
    }

    /**
     * Runs JavaScript in the page, and awaits a promise.
     *
     * @param expression as for {@code eval}
     */
    record Evaluate(String expression, long timeout) implements PageAction<ActionReply.EvaluationResult> {
        public Evaluate {
            Require.text("expression", expression, 1, Require.MAX_TEXT_CHARS);
            Require.timeout(timeout);
        }

        /** For at most {@value SessionCommand.Action#DEFAULT_TIMEOUT_MILLIS} ms. */
        public Evaluate(String expression) {
            this(expression, DEFAULT_TIMEOUT_MILLIS);
        }
    }

    /** Reads the content of the page, including iframes of the same origin and open shadow roots. */
    record ReadContent(ContentFormat format, long timeout) implements PageAction<ActionReply.ContentResult> {
        public ReadContent {
            Require.present("format", format);
            Require.timeout(timeout);
        }
    }

    /**
     * Describes the page as text: its accessibility tree without noise, with refs for what can be clicked, typed into or
     * scrolled. A ref is a selector until the page loads another document.
     *
     * @param selector of the element to describe: see {@link ElementAction.Click}; empty for the page
     * @param depth how many levels are described
     * @param interactiveOnly only what has a ref
     * @param maxTokens how long the text may be; where it is cut, a mark says what is missing
     * @param diff only what changed since the latest snapshot of this document with the same options
     * @param tree the same as JSON, too
     */
    record TakeSnapshot(
            Optional<String> selector,
            Optional<Integer> depth,
            boolean interactiveOnly,
            Optional<Integer> maxTokens,
            boolean diff,
            boolean tree,
            long timeout)
            implements PageAction<ActionReply.SnapshotResult> {
        private static final int MAX_DEPTH = 1_000;
        private static final int MIN_TOKENS = 100;
        private static final int MAX_TOKENS = 10_000_000;

        public TakeSnapshot {
            Require.selector(selector);
            Require.present("depth", depth).ifPresent(value -> Require.within("depth", value, 1, MAX_DEPTH));
            Require.present("maxTokens", maxTokens)
                    .ifPresent(value -> Require.within("maxTokens", value, MIN_TOKENS, MAX_TOKENS));
            Require.timeout(timeout);
        }

        /** A snapshot of the whole page. */
        public TakeSnapshot(long timeout) {
            this(Optional.empty(), Optional.empty(), false, Optional.empty(), false, false, timeout);
        }
    }
}
