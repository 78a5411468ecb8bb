package dev.berth.browser.drive;

import dev.berth.browser.BrowserDriver;
import dev.berth.browser.Deadline;
import dev.berth.browser.drive.command.PageHands;
import dev.berth.browser.drive.element.ElementActs;
import dev.berth.browser.drive.element.ElementVerbs;
import dev.berth.browser.drive.element.KeyVerbs;
import dev.berth.browser.drive.element.MouseVerbs;
import dev.berth.browser.drive.snapshot.Snapshots;
import dev.berth.browser.watch.page.PageTarget;
import dev.berth.browser.watch.page.Pages;
import dev.berth.protocol.ActionReply.ContentResult;
import dev.berth.protocol.ActionReply.CookieList;
import dev.berth.protocol.ActionReply.ElementResult;
import dev.berth.protocol.ActionReply.EvaluationResult;
import dev.berth.protocol.ActionReply.NavigationResult;
import dev.berth.protocol.ActionReply.ScrollResult;
import dev.berth.protocol.ActionReply.SelectionResult;
import dev.berth.protocol.ActionReply.SnapshotResult;
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
import dev.berth.protocol.SessionReply.ElementNames;
import dev.berth.protocol.TaskSupport.NameElement;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * Carries out a verb on one page: with cdp4j's typed commands, or with raw CDP where the protocol of cdp4j 3.0.15 (2019) lacks a command
 * or a field. Lives on the browser's context.
 */
public final class CdpDriver implements BrowserDriver {
    private final PageTarget page;
    private final Pages pages;
    private final PageHands hands;
    private final Evaluations evaluations;
    private final Pdfs pdfs;
    private final Navigations navigations;
    private final HistoryMoves history;
    private final ElementVerbs elements;
    private final MouseVerbs mouse;
    private final KeyVerbs keys;
    private final ContentReader reader;
    private final Screenshots screenshots;
    private final Snapshots snapshots;
    private final Cookies cookies;
    private final Aftermath aftermath;

    CdpDriver(CdpDrivers.Parts parts, PageTarget page) {
        this.page = page;
        this.pages = parts.pages();
        this.hands = parts.hands().on(page);
        this.evaluations = new Evaluations(parts.connection(), parts.interruptions());
        this.pdfs = new Pdfs(parts.vertx(), parts.connection());
        this.navigations = new Navigations(hands, parts.interruptions(), parts.arrivals());
        this.history = new HistoryMoves(hands, parts.interruptions(), parts.arrivals());
        this.snapshots = parts.snapshots();
        ElementActs acts = new ElementActs(hands, pages, snapshots);
        this.elements = new ElementVerbs(hands, pages, acts, parts.files());
        this.mouse = new MouseVerbs(hands, acts, parts.mice().of(page));
        this.keys = new KeyVerbs(hands, acts);
        this.reader = new ContentReader(hands);
        this.screenshots = new Screenshots(parts.vertx(), parts.connection());
        this.cookies = new Cookies(parts.connection());
        this.aftermath = new Aftermath(pages, page);
    }

    @Override
    public String pageId() {
        return page.targetId();
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
    public Future<Navigated> navigate(Navigate command) {
        return navigations.navigate(command);
    }

    /** Waits for a page that was created with the command's URL and navigates there by itself. */
    public Future<Navigated> arrive(Navigate command) {
        return navigations.arrive(command);
    }

    @Override
    public Future<NavigationResult> goBack(GoBack command) {
        return history.goBack(command);
    }

    @Override
    public Future<NavigationResult> goForward(GoForward command) {
        return history.goForward(command);
    }

    @Override
    public Future<NavigationResult> reload(Reload command) {
        return history.reload(command);
    }

    @Override
    public Future<ElementResult> click(Click command) {
        return mouse.click(command);
    }

    @Override
    public Future<ElementResult> hover(Hover command) {
        return mouse.hover(command);
    }

    @Override
    public Future<ElementResult> drag(Drag command) {
        return mouse.drag(command);
    }

    @Override
    public Future<ElementResult> mouse(UseMouse command) {
        return mouse.mouse(command);
    }

    @Override
    public Future<ElementResult> type(Type command) {
        return keys.type(command);
    }

    @Override
    public Future<ElementResult> fill(Fill command) {
        return keys.fill(command);
    }

    @Override
    public Future<ElementResult> press(Press command) {
        return keys.press(command);
    }

    @Override
    public Future<SelectionResult> select(Select command) {
        return elements.select(command);
    }

    @Override
    public Future<ScrollResult> scroll(Scroll command) {
        return elements.scroll(command);
    }

    @Override
    public Future<ElementResult> waitFor(WaitFor command) {
        return elements.waitFor(command);
    }

    @Override
    public Future<ElementResult> upload(Upload command, List<Buffer> contents, List<String> paths) {
        return elements.upload(command, contents, paths);
    }

    @Override
    public Future<ElementNames> name(NameElement command) {
        return elements.name(command);
    }

    @Override
    public Future<EvaluationResult> evaluate(Evaluate command) {
        return hands.onPage(on -> {
            Future<EvaluationResult> result = evaluations.evaluate(page, command);
            hands.onAbandon(() -> evaluations.abandon(page, result));
            return result.onSuccess(done -> pages.readTitle(page));
        });
    }

    @Override
    public Future<ContentResult> content(ReadContent command) {
        return reader.content(command);
    }

    @Override
    public Future<SnapshotResult> snapshot(TakeSnapshot command) {
        Deadline deadline = new Deadline(command.timeoutMillis());
        return hands.onPage(on -> command.selector()
                .map(selector -> elements.node(page, selector, deadline)
                        .compose(node -> snapshots.take(page, command, Optional.of(node), deadline)))
                .orElseGet(() -> snapshots.take(page, command, Optional.empty(), deadline)));
    }

    @Override
    public Future<Buffer> screenshot(TakeScreenshot command) {
        Deadline deadline = new Deadline(command.timeoutMillis());
        return hands.onPage(on -> command.selector()
                .map(selector -> elements.box(page, selector, deadline)
                        .compose(box -> screenshots.take(page, command, box, deadline)))
                .orElseGet(() -> screenshots.take(page, command, deadline)));
    }

    @Override
    public Future<Buffer> pdf(PrintPdf command) {
        return hands.onPage(on -> pdfs.print(page, command));
    }

    @Override
    public Future<CookieList> cookies(ReadCookies command) {
        return cookies.read(new Deadline(command.timeoutMillis()));
    }

    @Override
    public Future<CookieList> setCookies(SetCookies command) {
        return hands.onPage(on -> cookies.set(page.url(), command.cookies(), new Deadline(command.timeoutMillis())));
    }
}
