package dev.berth.logs;

import dev.berth.protocol.LogKind;
import dev.berth.protocol.SessionId;

/** The name of a log: its session and its kind. */
public record LogName(SessionId sessionId, LogKind kind) {}
