package dev.berth.logs;

import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;

/** Which log of which session. */
public record LogName(SessionId sessionId, LogKind kind) {}
