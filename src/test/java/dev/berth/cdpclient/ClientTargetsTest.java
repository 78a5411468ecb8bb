package dev.berth.cdpclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClientTargetsTest {
    private final ClientTargets targets = new ClientTargets(Optional.empty());

    private void told(String message) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        targets.read(bytes, bytes.length);
    }

    private void attached(String session, String target, String parent) {
        told("{\"method\":\"Target.attachedToTarget\",\"params\":{\"sessionId\":\"" + session
                + "\",\"targetInfo\":{\"targetId\":\"" + target
                + "\",\"type\":\"page\",\"url\":\"x\"},\"waitingForDebugger\":true}"
                + (parent.isEmpty() ? "" : ",\"sessionId\":\"" + parent + '"') + "}");
    }

    @Test
    void aTargetRunsForTheFirstTimeOnce() {
        attached("s1", "t1", "");
        assertThat(targets.isRunning("s1")).isFalse();
        assertThat(targets.run("s1")).contains("t1");
        assertThat(targets.isRunning("s1")).isTrue();
        assertThat(targets.run("unknown")).isEmpty();
    }

    @Test
    void detachingFromTheLastSessionReleasesItsTarget() {
        attached("s1", "t1", "");
        attached("s2", "t1", "p");
        assertThat(targets.leave("s2")).isEmpty();
        assertThat(targets.leave("s1")).contains("t1");
        assertThat(targets.leave("s1")).isEmpty();
        attached("s3", "t3", "");
        targets.run("s3");
        assertThat(targets.leave("s3")).isEmpty();
    }

    @Test
    void detachingReleasesTargetsBelowTheSessionToo() {
        attached("other", "t0", "");
        attached("tab", "t1", "");
        attached("page", "t2", "tab");
        attached("frame", "t3", "page");
        targets.run("page");
        assertThat(targets.leave("")).isEmpty();
        assertThat(targets.leave("tab")).containsExactly("t1", "t3");
        assertThat(targets.run("frame")).isEmpty();
        assertThat(targets.run("other")).contains("t0");
    }

    @Test
    void aSessionEndsWithAllSessionsBelowIt() {
        attached("tab", "t1", "");
        attached("page", "t2", "tab");
        attached("frame", "t3", "page");
        attached("below a session that was not kept", "t4", "unknown");
        attached("other", "t5", "");
        told("{\"method\":\"Target.detachedFromTarget\",\"params\":{\"sessionId\":\"tab\",\"targetId\":\"t1\"}}");
        told("{\"method\":\"Target.detachedFromTarget\",\"params\":{\"sessionId\":\"unknown\"}}");
        assertThat(targets.pageOf("frame")).isEmpty();
        assertThat(targets.endEvents()).singleElement().asString().contains("other");
    }

    @Test
    void theLastAttachedIsReportedFirst() {
        attached("tab", "t1", "");
        attached("page", "t2", "tab");
        attached("gone", "t3", "");
        told("{\"method\":\"Target.detachedFromTarget\",\"params\":{\"sessionId\":\"gone\",\"targetId\":\"t3\"}}");
        targets.discovers(true);
        assertThat(targets.endEvents())
                .containsExactly(
                        "{\"method\":\"Target.detachedFromTarget\",\"params\":{\"sessionId\":\"page\",\"targetId\":\"t2\"},\"sessionId\":\"tab\"}",
                        "{\"method\":\"Target.detachedFromTarget\",\"params\":{\"sessionId\":\"tab\",\"targetId\":\"t1\"}}",
                        "{\"method\":\"Target.targetDestroyed\",\"params\":{\"targetId\":\"t2\"}}",
                        "{\"method\":\"Target.targetDestroyed\",\"params\":{\"targetId\":\"t1\"}}");
        assertThat(targets.endEvents()).isEmpty();
    }

    @Test
    void aTruncatedEventIsReadAsFarAsItGoes() {
        told("{\"method\":\"Target.attachedToTarget\",\"params\":{\"sessionId\":\"s1\",\"targetInfo\":"
                + "{\"targetId\":\"t1\",\"type\":\"page\",\"url\":\"data:");
        assertThat(targets.run("s1")).contains("t1");
    }

    @Test
    void otherMessagesAreIgnored() {
        told("{\"id\":1,\"result\":{}}");
        told("{\"method\":\"Target.attachedToTargetX\",\"params\":{\"sessionId\":\"s\"}}");
        told("");
        assertThat(targets.endEvents()).isEmpty();
    }
}
