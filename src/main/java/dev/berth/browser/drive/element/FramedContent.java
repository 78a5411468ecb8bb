package dev.berth.browser.drive.element;

import dev.berth.browser.Deadline;
import dev.berth.browser.Failures;
import dev.berth.browser.cdp.CdpConnection.ChromeRefusal;
import dev.berth.browser.cdp.CdpConnection.WholeAnswer;
import dev.berth.browser.cdp.MessageKeeper;
import dev.berth.browser.drive.command.PageCommands;
import dev.berth.browser.drive.element.Targets.HeldFrame;
import dev.berth.limits.MemoryBudget;
import dev.berth.protocol.BerthException;
import dev.berth.protocol.ErrorCode;
import dev.berth.protocol.VerbChoices.ContentFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the content of a page, and puts that of its iframes of other sites, which its script can't read, in their places; all of it
 * within one size limit. Used on the lane's thread; each call blocks.
 */
public final class FramedContent {
    private static final int MAX_BYTES = Failures.MAX_RESULT_BYTES;
    /** The most bytes that one byte of UTF-8 takes in Chrome's JSON, apart from control characters. */
    private static final int MAX_ESCAPE_FACTOR = 3;
    /** An iframe that does not answer, as a script of it loops, must not use up the time of a verb. */
    private static final long PATIENCE_MILLIS = 1_000;

    private final ContentFormat format;
    private final Deadline deadline;
    private final MemoryBudget.Share share;
    /** Stands before an iframe's number. A page can't know it, and so not place iframes elsewhere. */
    private final String mark = UUID.randomUUID() + "-";

    private final Pattern marks = Pattern.compile(mark + "(\\d{1,9});");
    private int bytesLeft = MAX_BYTES;
    private int freeLeft = MessageKeeper.FREE_BYTES;
    private int framesLeft = HeldFrame.MAX_FRAMES;

    /** @param share reserves the memory of what is large, also for what is made of it */
    public FramedContent(ContentFormat format, Deadline deadline, MemoryBudget.Share share) {
        this.format = format;
        this.deadline = deadline;
        this.share = share;
    }

    /** The content of the page; for Markdown, the HTML to make it of. */
    public String read(PageCommands commands) {
        return whole(commands, new ScriptRunner(commands).frames().get(0).getId());
    }

    private String whole(PageCommands commands, String frameId) {
        String own = own(commands, frameId);
        StringBuilder whole = new StringBuilder();
        Matcher iframes = marks.matcher(own);
        int end = 0;
        while (iframes.find()) {
            int number = Integer.parseInt(iframes.group(1));
            whole.append(own, end, iframes.start()).append(inner(commands, frameId, number));
            end = iframes.end();
        }
        return end == 0 ? own : tidy(whole.append(own, end, own.length()).toString());
    }

    /** An iframe without text leaves an empty line. */
    private String tidy(String whole) {
        return format == ContentFormat.TEXT ? whole.replaceAll("\n{3,}", "\n\n").strip() : whole;
    }

    private String own(PageCommands commands, String frameId) {
        Object content = content(commands, frameId, Math.min(freeLeft, bytesLeft));
        if (content instanceof String small) {
            freeLeft -= small.length();
            return counted(small);
        }
        int bytes = ((Number) content).intValue();
        if (bytes > bytesLeft) {
            throw Failures.tooLarge("the content", (long) MAX_BYTES - bytesLeft + bytes);
        }
        // Allows some growth since the size was read.
        int limit = Math.min(bytesLeft, bytes + bytes / 8);
        if (!share.tryAdd((long) WholeAnswer.TREE * limit)) {
            throw Failures.noRoom();
        }
        if (content(commands.withRoomFor(MAX_ESCAPE_FACTOR * limit), frameId, limit) instanceof String large) {
            return counted(large);
        }
        throw Failures.failed("the page grew while its content was read; try again");
    }

    private Object content(PageCommands commands, String frameId, int maxBytes) {
        return new ScriptRunner(commands).evaluateIn(frameId, "content", format.wireName(), maxBytes, bytesLeft, mark);
    }

    private String counted(String content) {
        bytesLeft -= Math.min(bytesLeft, content.length());
        return content;
    }

    /** The content of an iframe by its number in the document that holds it. */
    private String inner(PageCommands holder, String holderId, int number) {
        if (--framesLeft < 0) {
            return framesLeft == -1 ? "(further iframes were left out)" : "";
        }
        PageCommands patient = holder.within(new Deadline(Math.min(PATIENCE_MILLIS, deadline.left() / 2)));
        try {
            return frame(patient, holderId, number)
                    .map(id -> whole(isHere(patient, id) ? patient : patient.at(id), id))
                    .orElse("");
        } catch (ChromeRefusal e) {
            // The iframe went away meanwhile.
            return "";
        } catch (BerthException e) {
            if (e.code() != ErrorCode.TIMEOUT) {
                throw e;
            }
            if (deadline.over()) {
                throw deadline.late();
            }
            return "(an iframe that did not answer was left out)";
        }
    }

    /** The frame that an iframe shows; empty where it shows none. */
    private static Optional<String> frame(PageCommands commands, String holderId, int number) {
        ScriptRunner script = new ScriptRunner(commands);
        String iframe = script.evaluate(PageScript.call("closed", number), holderId, false)
                .getResult()
                .getObjectId();
        Optional<String> id = Optional.ofNullable(
                commands.dom().describeNode(null, null, iframe, 0, false).getFrameId());
        script.release();
        return id;
    }

    /** Whether the frame has no process, and so no target, of its own. */
    private static boolean isHere(PageCommands commands, String frameId) {
        return new ScriptRunner(commands)
                .frames().stream().anyMatch(frame -> frame.getId().equals(frameId));
    }
}
