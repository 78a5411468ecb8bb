package dev.berth.browser.drive;

import com.vladsch.flexmark.html2md.converter.FlexmarkHtmlConverter;
import com.vladsch.flexmark.util.data.MutableDataSet;

/** HTML as Markdown. A class of its own because the converter takes long to load: who asks for it first waits, nobody else. */
final class Markdown {
    private static final FlexmarkHtmlConverter CONVERTER = FlexmarkHtmlConverter.builder(
                    new MutableDataSet().set(FlexmarkHtmlConverter.SETEXT_HEADINGS, false))
            .build();

    private Markdown() {}

    /** Not on an event loop. */
    static String of(String html) {
        return CONVERTER.convert(html).strip();
    }
}
