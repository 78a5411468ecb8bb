package dev.berth.har;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes the lists of names and values of a HAR: headers, cookies and query strings. */
final class HarPairs {
    private final JsonGenerator out;

    HarPairs(JsonGenerator out) {
        this.out = out;
    }

    void headers(Map<String, String> headers) throws IOException {
        out.writeArrayFieldStart("headers");
        for (Map.Entry<String, String> header : headers.entrySet()) {
            pair(header.getKey(), header.getValue());
        }
        out.writeEndArray();
    }

    /** @param header of a request */
    void cookies(String header) throws IOException {
        out.writeArrayFieldStart("cookies");
        for (String cookie : header.isEmpty() ? new String[0] : header.split(";")) {
            int equals = cookie.indexOf('=');
            pair(
                    cookie.substring(0, Math.max(0, equals)).strip(),
                    cookie.substring(equals + 1).strip());
        }
        out.writeEndArray();
    }

    void query(String url) throws IOException {
        out.writeArrayFieldStart("queryString");
        int hash = url.indexOf('#');
        int mark = url.indexOf('?');
        String query =
                mark < 0 || hash >= 0 && hash < mark ? "" : url.substring(mark + 1, hash < 0 ? url.length() : hash);
        for (String parameter : query.isEmpty() ? new String[0] : query.split("&")) {
            int equals = parameter.indexOf('=');
            pair(
                    decoded(equals < 0 ? parameter : parameter.substring(0, equals)),
                    decoded(equals < 0 ? "" : parameter.substring(equals + 1)));
        }
        out.writeEndArray();
    }

    /** A page may send what is no encoding: it stays as it is. */
    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private void pair(String name, String value) throws IOException {
        out.writeStartObject();
        out.writeStringField("name", name);
        out.writeStringField("value", value);
        out.writeEndObject();
    }
}
