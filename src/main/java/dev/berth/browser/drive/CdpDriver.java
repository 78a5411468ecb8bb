package dev.berth.browser.drive;

import dev.berth.browser.BrowserDriver;
import dev.berth.browser.Deadline;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.BrowserAction.ReadCookies;
import dev.berth.protocol.BrowserAction.SetCookies;
import dev.berth.protocol.ElementAction.Click;
import dev.berth.protocol.ElementAction.Drag;
import dev.berth.protocol.ElementAction.Fill;
import dev.berth.protocol.ElementAction.Hover;
import dev.berth.protocol.ElementAction.Press;
import dev.berth.protocol.ElementAction.Scroll;
import dev.berth.protocol.ElementAction.Select;
import dev.berth.protocol.ElementAction.Type;
import dev.berth.protocol.ElementAction.Upload;
import dev.berth.protocol.ElementAction.WaitFor;
import dev.berth.protocol.PageAction.Evaluate;
import dev.berth.protocol.PageAction.GoBack;
import dev.berth.protocol.PageAction.GoForward;
import dev.berth.protocol.PageAction.Navigate;
import dev.berth.protocol.PageAction.PrintPdf;
import dev.berth.protocol.PageAction.ReadContent;
import dev.berth.protocol.PageAction.Reload;
import dev.berth.protocol.PageAction.TakeScreenshot;
import dev.berth.protocol.PageAction.TakeSnapshot;
import dev.berth.protocol.PageAction.UseMouse;
import dev.berth.protocol.SessionCommand.Action;
import dev.berth.protocol.SessionReply;
import dev.berth.protocol.SessionReply.ElementNames;
import dev.berth.protocol.TaskSupport.NameElement;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries out one verb on one page: with cdp4j's typed commands, or with raw CDP where the protocol of cdp4j 3.0.15 (2019) lacks a command
 * or a field. Lives on the browser's context.
 */
public final class CdpDriver implements BrowserDriver {
    private static final Map<Class<?>, VerbHandler<Action<?>>> HANDLERS = new HashMap<>();

    static {
        handle(GoBack.class, (driver, back) -> driver.parts.history().goBack(driver.hands, back));
        handle(GoForward.class, (driver, forward) -> driver.parts.history().goForward(driver.hands, forward));
        handle(Reload.class, (driver, reload) -> driver.parts.history().reload(driver.hands, reload));
        handle(Click.class, (driver, click) -> driver.parts.mouse().click(driver.hands, click));
        handle(Hover.class, (driver, hover) -> driver.parts.mouse().hover(driver.hands, hover));
        handle(Drag.class, (driver, drag) -> driver.parts.mouse().drag(driver.hands, drag));
        handle(UseMouse.class, (driver, use) -> driver.parts.mouse().mouse(driver.hands, use));
        handle(Type.class, (driver, type) -> driver.parts.keys().type(driver.hands, type));
        handle(Fill.class, (driver, fill) -> driver.parts.keys().fill(driver.hands, fill));
        handle(Press.class, (driver, press) -> driver.parts.keys().press(driver.hands, press));
        handle(Select.class, (driver, select) -> driver.parts.elements().select(driver.hands, select));
        handle(Scroll.class, (driver, scroll) -> driver.parts.elements().scroll(driver.hands, scroll));
        handle(WaitFor.class, (driver, wait) -> driver.parts.elements().waitFor(driver.hands, wait));
        handle(Evaluate.class, (driver, script) -> driver.parts.evaluations().evaluate(driver.hands, script));
        handle(ReadContent.class, (driver, read) -> ContentReader.read(driver.hands, read));
        handle(TakeSnapshot.class, CdpDriver::snapshot);
        handle(ReadCookies.class, (driver, read) -> driver.parts.cookies().read(read));
        handle(SetCookies.class, (driver, set) -> driver.parts.cookies().set(driver.hands, set));
    }

    private final CdpDrivers.Parts parts;
    private final PageHands hands;
    private final Aftermath aftermath;

    CdpDriver(CdpDrivers.Parts parts, PageTarget page) {
        this.parts = parts;
        this.hands = parts.hands().on(page);
        this.aftermath = new Aftermath(parts.pages(), page);
    }

    /** Carries out a verb. */
    private interface VerbHandler<A> {
        Future<? extends SessionReply> carryOut(CdpDriver driver, A command);
    }

    private static <A extends Action<?>> void handle(Class<A> type, VerbHandler<A> handler) {
        HANDLERS.put(type, (driver, command) -> handler.carryOut(driver, type.cast(command)));
    }

    /** Whether {@link #perform} takes these commands. */
    public static boolean performs(Class<?> command) {
        return HANDLERS.containsKey(command);
    }

    @Override
    public String pageId() {
        return hands.page().targetId();
    }

    @Override
    public void abandon() {
        hands.abandon();
    }

    @Override
    public Future<Consequences> consequences(long timeoutMillis) {
        return aftermath.settled(new Deadline(timeoutMillis));
    }

    @Override
    public Future<? extends SessionReply> perform(Action<?> command) {
        return HANDLERS.get(command.getClass()).carryOut(this, command);
    }

    @Override
    public Future<Navigated> navigate(Navigate command) {
        return parts.navigations().navigate(hands, command);
    }

    /** Waits for a page that was created with the command's URL and navigates there by itself. */
    public Future<Navigated> arrive(Navigate command) {
        return parts.navigations().arrive(hands, command);
    }

    @Override
    public Future<ElementResult> upload(Upload command, List<Buffer> contents, List<String> paths) {
        return parts.elements().upload(hands, command, contents, paths);
    }

    @Override
    public Future<ElementNames> name(NameElement command) {
        return parts.elements().name(hands, command);
    }

    private Future<? extends SessionReply> snapshot(TakeSnapshot command) {
        Deadline deadline = new Deadline(command.timeout());
        return hands.onPage(page -> command.selector()
                .map(selector -> parts.elements()
                        .node(hands, selector, deadline)
                        .compose(node -> parts.snapshots().take(page, command, Optional.of(node), deadline)))
                .orElseGet(() -> parts.snapshots().take(page, command, Optional.empty(), deadline)));
    }

    @Override
    public Future<Buffer> screenshot(TakeScreenshot command) {
        return parts.screenshots().take(hands, command);
    }

    @Override
    public Future<Buffer> pdf(PrintPdf command) {
        return parts.pdfs().print(hands, command);
    }
}
