package dev.berth.cdpclient.command;

import io.vertx.core.json.JsonObject;

/** Replies that Berth gives a client instead of Chrome, with the id (as the client wrote it) and session of its command. */
public final class CdpAnswer {
    private static final int PARSE_ERROR = -32700;
    private static final int INVALID_REQUEST = -32600;
    private static final int SERVER_ERROR = -32000;
    private static final int NO_SESSION = -32001;

    private CdpAnswer() {}

    public static String emptyResult(CdpMessage command) {
        return result(command, new JsonObject());
    }

    public static String result(CdpMessage command, JsonObject result) {
        return answer(command, "\"result\":" + result.encode());
    }

    public static String refused(CdpMessage command, String why) {
        return answer(command, error(SERVER_ERROR, why));
    }

    /** The error for a message that is no command, with its id if one was read. */
    public static String malformed(CdpMessage command, String why) {
        return answer(command, error(PARSE_ERROR, why));
    }

    /** The error for a message that Chrome would not accept as a command, as Chrome words it. */
    public static String defective(CdpMessage command, String why) {
        return answer(command, error(INVALID_REQUEST, why));
    }

    /**
     * The error for a command to a CDP session that is not the client's, as Chrome words it for unknown ones. It is not sent to
     * that session.
     */
    public static String withoutSession(CdpMessage command) {
        return '{' + id(command) + error(NO_SESSION, "Session with given id not found.") + '}';
    }

    private static String error(int code, String why) {
        return "\"error\":"
                + new JsonObject().put("code", code).put("message", why).encode();
    }

    private static String answer(CdpMessage command, String outcome) {
        String session = command.session().isEmpty() ? "" : ",\"sessionId\":\"" + command.session() + '"';
        return '{' + id(command) + outcome + session + '}';
    }

    private static String id(CdpMessage command) {
        return command.id().isEmpty() ? "" : "\"id\":" + command.id() + ",";
    }
}
