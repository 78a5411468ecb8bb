package dev.berth.session.act;

import dev.berth.protocol.ActionEntry;
import dev.berth.protocol.ActionEntry.ActionElement;
import dev.berth.protocol.ActionEntry.ActionPoint;
import dev.berth.protocol.ActionReply.CookieList;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ActionReply.OnPage;
import dev.berth.protocol.ActionReply.PageClosed;
import dev.berth.protocol.ActionReply.PageResult;
import dev.berth.protocol.ActionReply.PdfPrinted;
import dev.berth.protocol.ActionReply.RecordingResult;
import dev.berth.protocol.ActionReply.RouteAdded;
import dev.berth.protocol.ActionReply.ScreenshotTaken;
import dev.berth.protocol.ActionReply.ScrollResult;
import dev.berth.protocol.ActionReply.SelectionResult;
import dev.berth.protocol.ActionReply.StorageStateRead;
import dev.berth.protocol.ActionReply.StorageStateSet;
import dev.berth.protocol.ArtifactEntry;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.PageOutcome;
import dev.berth.protocol.Pointing;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.TaskSupport.TaskNote;
import dev.berth.verbs.Verbs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The details of an action in the action log, besides its outcome: its arguments and its result. Pure. */
final class ActionDetails {
    private static final String REDACTED = "[redacted]";
    private static final String ROUTE_ID = "routeId";

    private ActionDetails() {}

    /** The details of a request, without entered text: only the outcome says whether that may be kept. */
    static Map<String, Object> request(Action<?> action) {
        return action instanceof TaskNote note
                ? note.details()
                : pointing(action, new LinkedHashMap<>(Verbs.of(action).logged(action)));
    }

    /** Details of the pointing: only values that are not the defaults. */
    private static Map<String, Object> pointing(Action<?> action, Map<String, Object> details) {
        if (action instanceof Pointing) {
            details.values().removeIf(value -> List.of().equals(value) || Boolean.FALSE.equals(value));
        }
        return details;
    }

    /** The details of the outcome. */
    static Map<String, Object> outcome(Action<?> action, SessionReply reply) {
        Map<String, Object> details = new LinkedHashMap<>();
        if (reply instanceof NavigationResult result) {
            details.put("finalUrl", result.url());
            details.put("navigated", result.navigated());
            result.status().ifPresent(status -> details.put("status", status));
        } else if (reply instanceof ScreenshotTaken taken) {
            details.put("objectId", taken.artifact().objectId());
            details.put("size", taken.artifact().size());
        } else if (reply instanceof PdfPrinted printed) {
            details.put("objectId", printed.artifact().objectId());
            details.put("size", printed.artifact().size());
        } else if (reply instanceof RecordingResult result) {
            details.put("objectId", result.artifact().objectId());
        } else if (reply instanceof ElementResult result) {
            entered(action, result.secret(), details);
            result.note().ifPresent(note -> details.put("note", note));
            result.point().ifPresent(point -> place(point, details));
            element(result.element(), details);
            result.toElement().ifPresent(to -> details.put("toElement", to.details()));
        } else if (reply instanceof SelectionResult result) {
            details.put("selected", result.values());
            element(result.element(), details);
        } else if (reply instanceof ScrollResult result) {
            element(result.element(), details);
        } else if (reply instanceof CookieList list) {
            details.put("count", list.cookies().size());
        } else if (reply instanceof StorageStateRead read) {
            details.put("cookies", read.cookies().size());
            details.put("origins", read.count());
            details.put("leftOut", read.leftOut());
        } else if (reply instanceof StorageStateSet set) {
            details.put("cookies", set.cookies());
            details.put("origins", set.origins());
        } else if (reply instanceof PageResult result) {
            details.put(ActionEntry.PAGE_ID, result.page().pageId());
            details.put("finalUrl", result.page().url());
            result.download().ifPresent(file -> file(file, details));
        } else if (reply instanceof RouteAdded added) {
            details.put(ROUTE_ID, added.route().routeId());
        } else if (reply instanceof PageClosed closed) {
            details.put("activePageId", closed.activePageId());
        }
        if (reply instanceof OnPage on) {
            consequences(on.page(), details);
        }
        return details;
    }

    private static void consequences(PageOutcome outcome, Map<String, Object> details) {
        outcome.openedPageId().ifPresent(opened -> details.put("openedPageId", opened));
        outcome.download().ifPresent(file -> file(file, details));
        outcome.downloading().ifPresent(name -> details.put("downloading", name));
        outcome.blocked().ifPresent(url -> details.put("blocked", url));
    }

    private static void element(Optional<ActionElement> met, Map<String, Object> details) {
        met.ifPresent(element -> details.put(ActionEntry.ELEMENT, element.details()));
    }

    private static void place(ActionPoint point, Map<String, Object> details) {
        details.put("point", Map.of("x", tenths(point.x()), "y", tenths(point.y())));
        if (point.viewportWidth() > 0) {
            details.put("viewport", Map.of("width", point.viewportWidth(), "height", point.viewportHeight()));
        }
    }

    private static double tenths(double pixels) {
        return Math.round(pixels * 10) / 10.0;
    }

    private static void file(ArtifactEntry file, Map<String, Object> details) {
        details.put("objectId", file.objectId());
        details.put("size", file.size());
        file.fileName().ifPresent(name -> details.put("fileName", name));
    }

    private static void entered(Action<?> action, boolean secret, Map<String, Object> details) {
        if (action instanceof Type type) {
            details.put("text", secret ? REDACTED : type.text());
        } else if (action instanceof Fill fill) {
            details.put("value", secret ? REDACTED : fill.value());
        }
    }
}
