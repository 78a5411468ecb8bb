package dev.berth.protocol;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonIncludeProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.annotation.JsonAppend;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.ser.VirtualBeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.util.Annotations;
import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionEntry.ActionPoint;
import dev.berth.protocol.PageOutcome.PageEntry;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * Writes the answers to clients, and events: without the keys of the object store, with links to artifacts in their place, and the result of a verb with
 * {@code success}, beside the fields of its page. Never parsed again by Berth. For any thread.
 */
public final class ShownJson {
    private static final ObjectMapper MAPPER = ProtocolJson.builder()
            .addMixIn(ArtifactEntry.class, Artifact.class)
            .addMixIn(PageOutcome.class, Outcome.class)
            .addMixIn(ActionReply.class, Result.class)
            .addMixIn(SessionReply.Acknowledged.class, Result.class)
            .addMixIn(ActionReply.OnPage.class, OnPage.class)
            .addMixIn(ActionReply.ScreenshotTaken.class, Made.class)
            .addMixIn(ActionReply.PdfPrinted.class, Made.class)
            .addMixIn(ActionReply.RecordingResult.class, Made.class)
            .addMixIn(ActionReply.EvaluationResult.class, Evaluated.class)
            .addMixIn(ActionReply.ElementResult.class, Acted.class)
            .addMixIn(ActionReply.SelectionResult.class, Acted.class)
            .addMixIn(ActionReply.ScrollResult.class, Acted.class)
            .addMixIn(ActionReply.SnapshotResult.class, Snapshot.class)
            .addMixIn(ActionReply.PageResult.class, Opened.class)
            .addMixIn(ActionReply.RouteAdded.class, Routed.class)
            .addMixIn(ActionReply.Emulated.class, Emulated.class)
            .addMixIn(ActionReply.StorageStateRead.class, StoredState.class)
            .addMixIn(Cookie.class, SetCookie.class)
            .build();

    private ShownJson() {}

    /** Makes the links to artifacts, for one client. */
    @FunctionalInterface
    public interface Links {
        /** The links of a client that gets none. */
        Links NONE = artifact -> Optional.empty();

        /** Empty where the artifact can't be read yet. */
        Optional<Link> to(ArtifactEntry artifact);
    }

    /**
     * A URL of an artifact.
     *
     * @param expiresAt until when it is valid
     */
    public record Link(String url, Instant expiresAt) {}

    /** JSON in UTF-8. */
    public static Buffer write(Object value, Links links) {
        try {
            return Buffer.buffer(
                    MAPPER.writer().withAttribute(Links.class, links).writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer has no JSON form", e);
        }
    }

    @JsonAppend(
            props = {
                @JsonAppend.Prop(value = LinkField.class, name = "publicUrl"),
                @JsonAppend.Prop(value = LinkField.class, name = "expiresAt")
            })
    private interface Artifact {
        @JsonIgnore
        String objectKey();
    }

    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    private interface Outcome {}

    @JsonAppend(prepend = true, props = @JsonAppend.Prop(value = Success.class, name = "success"))
    private interface Result {}

    private interface OnPage {
        @JsonUnwrapped
        PageOutcome page();
    }

    private interface Made {
        @JsonUnwrapped
        @JsonIncludeProperties({"objectId", "publicUrl", "expiresAt", "size", "state"})
        ArtifactEntry artifact();
    }

    private interface Evaluated {
        @JsonRawValue
        @JsonProperty("result")
        String json();
    }

    private interface Acted {
        @JsonIgnore
        boolean secret();

        @JsonInclude(JsonInclude.Include.NON_ABSENT)
        Optional<String> note();

        @JsonIgnore
        Optional<ActionPoint> point();

        @JsonIgnore
        Optional<ActionElement> element();

        @JsonIgnore
        Optional<ActionElement> toElement();
    }

    private interface Snapshot {
        @JsonSerialize(using = RawText.class)
        @JsonInclude(JsonInclude.Include.NON_ABSENT)
        Optional<String> tree();
    }

    private interface Opened {
        @JsonUnwrapped
        PageEntry page();

        @JsonInclude(JsonInclude.Include.NON_ABSENT)
        Optional<ArtifactEntry> download();
    }

    private interface Routed {
        @JsonUnwrapped
        @JsonIncludeProperties("routeId")
        RouteEntry route();
    }

    private interface Emulated {
        @JsonUnwrapped
        Emulation now();
    }

    /** Playwright's form has nothing else. */
    @JsonAppend(props = {})
    private interface StoredState {
        @JsonRawValue
        String origins();

        @JsonIgnore
        int count();

        @JsonIgnore
        int leftOut();
    }

    private interface SetCookie {
        @JsonIgnore
        Optional<String> url();
    }

    /** A failure is an error response in place of a result. */
    private static final class Success extends VirtualBeanPropertyWriter {
        private static final long serialVersionUID = 1L;

        /** Jackson makes the first instance without a property. */
        Success() {}

        private Success(BeanPropertyDefinition property, Annotations annotations, JavaType type) {
            super(property, annotations, type);
        }

        @Override
        protected Object value(Object bean, JsonGenerator out, SerializerProvider provider) {
            return true;
        }

        @Override
        public VirtualBeanPropertyWriter withConfig(
                MapperConfig<?> config, AnnotatedClass owner, BeanPropertyDefinition property, JavaType type) {
            return new Success(property, owner.getAnnotations(), type);
        }
    }

    /** JSON that is written as it is. */
    private static final class RawText extends StdSerializer<Optional<String>> {
        private static final long serialVersionUID = 1L;

        RawText() {
            super(Optional.class, false);
        }

        @Override
        public boolean isEmpty(SerializerProvider provider, Optional<String> json) {
            return json.isEmpty();
        }

        @Override
        public void serialize(Optional<String> json, JsonGenerator out, SerializerProvider provider)
                throws IOException {
            out.writeRawValue(json.orElse("null"));
        }
    }

    /** The URL of an artifact's link, or its end; empty, and null in JSON, where the client gets no link. */
    private static final class LinkField extends VirtualBeanPropertyWriter {
        private static final long serialVersionUID = 1L;

        /** Jackson makes the first instance without a property. */
        LinkField() {}

        private LinkField(BeanPropertyDefinition property, Annotations annotations, JavaType type) {
            super(property, annotations, type);
        }

        @Override
        protected Object value(Object bean, JsonGenerator out, SerializerProvider provider) {
            Links links = (Links) provider.getAttribute(Links.class);
            return links.to((ArtifactEntry) bean)
                    .<Object>map(link -> getName().equals("publicUrl") ? link.url() : link.expiresAt());
        }

        @Override
        public VirtualBeanPropertyWriter withConfig(
                MapperConfig<?> config, AnnotatedClass owner, BeanPropertyDefinition property, JavaType type) {
            return new LinkField(property, owner.getAnnotations(), type);
        }
    }
}
