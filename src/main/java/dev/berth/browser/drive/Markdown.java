package dev.berth.browser.drive;

import com.vladsch.flexmark.html2md.converter.FlexmarkHtmlConverter;
import com.vladsch.flexmark.util.data.MutableDataSet;

/** Converts HTML to Markdown. The converter takes long to load, so it is loaded with this class at its first use. */
final class Markdown {
    private static final FlexmarkHtmlConverter CONVERTER = FlexmarkHtmlConverter.builder(
                    new MutableDataSet().set(FlexmarkHtmlConverter.SETEXT_HEADINGS, false))
            .build();

    private Markdown() {}

    /** Blocks; call it on a worker. */
    static String of(String html) {
        return CONVERTER.convert(html).strip();
    }
}
