import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Capabilities;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.PageLoadStrategy;
import org.openqa.selenium.Point;
import org.openqa.selenium.UnexpectedAlertBehaviour;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.interactions.WheelInput.ScrollOrigin;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.print.PrintOptions;
import org.openqa.selenium.remote.RemoteWebDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.openqa.selenium.virtualauthenticator.VirtualAuthenticatorOptions;

/**
 * selenium-java on Berth and on a bare chromedriver, the same steps side by side. webdriver-java.mjs starts this class and gives it the
 * addresses of the two servers and of the site. The exit code is how many steps only Berth fails.
 */
public final class Suite {
    /** A step; its answer is compared between the two servers. */
    interface Step {
        Object run(RemoteWebDriver driver, Server server) throws Exception;
    }

    /** The work of a step in a session of its own. */
    interface Work {
        Object run(RemoteWebDriver driver) throws Exception;
    }

    /** A call that must fail. */
    interface Call {
        void run() throws Exception;
    }

    /** Whether a step passed, and its answer or its error. */
    record Outcome(boolean ok, String value) {}

    static final String PAGE = System.getenv("SITE_PAGE");
    static final String LOCAL = System.getenv("SITE_LOCAL");
    static final String CLOSED = System.getenv("SITE_CLOSED");
    static final String SECURE = System.getenv("SITE_SECURE");
    static final Map<String, Step> STEPS = new LinkedHashMap<>();

    /** One of the two servers, with the session that its steps share. */
    static final class Server {
        final String url;
        final String binary;
        RemoteWebDriver shared;

        Server(String url, String binary) {
            this.url = url;
            this.binary = binary;
        }

        RemoteWebDriver open(ChromeOptions options) throws Exception {
            if (binary != null) {
                options.setBinary(binary);
                options.addArguments("--headless", "--no-sandbox");
            }
            return new RemoteWebDriver(URI.create(url).toURL(), options);
        }

        Outcome attempt(Step step) {
            CompletableFuture<Outcome> outcome = CompletableFuture.supplyAsync(() -> {
                try {
                    if (shared == null) shared = open(new ChromeOptions());
                    shared.get(PAGE);
                    return new Outcome(true, Objects.toString(step.run(shared, this)));
                } catch (Exception | AssertionError e) {
                    return new Outcome(false, e.getClass().getSimpleName() + ": " + String.valueOf(e.getMessage()).split("\n")[0]);
                }
            });
            Outcome found = outcome.completeOnTimeout(new Outcome(false, "no end after 60 s"), 60, TimeUnit.SECONDS).join();
            if (!found.ok) end();
            return found;
        }

        void end() {
            RemoteWebDriver driver = shared;
            shared = null;
            if (driver != null) quit(driver);
        }
    }

    /** Ends a session, which may have ended by itself. */
    static void quit(RemoteWebDriver driver) {
        try {
            driver.quit();
        } catch (RuntimeException e) {
            System.err.println("quit: " + e.getClass().getSimpleName());
        }
    }

    static void is(Object got, Object wanted) {
        if (!Objects.equals(got, wanted)) throw new AssertionError("expected " + wanted + ", got " + got);
    }

    static String fails(Call call) {
        try {
            call.run();
        } catch (Exception e) {
            return e.getClass().getSimpleName();
        }
        throw new AssertionError("no error");
    }

    static WebElement one(RemoteWebDriver d, String css) {
        return d.findElement(By.cssSelector(css));
    }

    static String said(RemoteWebDriver d) {
        return one(d, "#said").getText();
    }

    static Step own(Capabilities options, Work work) {
        return (shared, server) -> {
            RemoteWebDriver d = server.open(new ChromeOptions().merge(options));
            try {
                return work.run(d);
            } finally {
                quit(d);
            }
        };
    }

    static Step find(By by, String text) {
        return (d, s) -> {
            is(d.findElement(by).getText(), text);
            return text;
        };
    }

    static Step strategy(PageLoadStrategy strategy) {
        return own(new ChromeOptions().setPageLoadStrategy(strategy), d -> {
            d.manage().timeouts().pageLoadTimeout(ofMillis(1500));
            long started = System.nanoTime();
            String error = "none";
            try {
                d.get(PAGE + "/slow");
            } catch (RuntimeException e) {
                error = e.getClass().getSimpleName();
            }
            return error + (System.nanoTime() - started < 1_200_000_000L);
        });
    }

    static Step prompts(UnexpectedAlertBehaviour behaviour) {
        ChromeOptions options = new ChromeOptions();
        options.setUnhandledPromptBehaviour(behaviour);
        return own(options, d -> {
            d.get(PAGE);
            one(d, "#confirm").click();
            String error = "none";
            try {
                d.getTitle();
            } catch (RuntimeException e) {
                error = e.getClass().getSimpleName();
            }
            if (behaviour == UnexpectedAlertBehaviour.IGNORE) d.switchTo().alert().dismiss();
            return error + said(d);
        });
    }

    static Step opens(WindowType type) {
        return (d, s) -> {
            String first = d.getWindowHandle();
            d.switchTo().newWindow(type);
            d.get(PAGE + "/two");
            is(d.getTitle(), "two");
            int windows = d.getWindowHandles().size();
            d.close();
            d.switchTo().window(first);
            is(d.getTitle(), "site");
            return windows;
        };
    }

    static ChromeOptions logging(String type) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(type, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        return options;
    }

    static {
        STEPS.put("get, title, url", (d, s) -> d.getTitle() + d.getCurrentUrl());
        STEPS.put("back, forward, refresh", (d, s) -> {
            d.get(PAGE + "/two");
            d.navigate().back();
            is(d.getTitle(), "site");
            d.navigate().forward();
            is(d.getTitle(), "two");
            d.navigate().refresh();
            return d.getTitle();
        });
        STEPS.put("source", (d, s) -> d.getPageSource().contains("Hello"));
        STEPS.put("an address that nothing serves", (d, s) -> fails(() -> d.get(CLOSED)));
        STEPS.put("an address that is none", (d, s) -> fails(() -> d.get("nowhere")));
        STEPS.put("find by id", find(By.id("go"), "Go"));
        STEPS.put("find by name", (d, s) -> d.findElement(By.name("user")).getTagName());
        STEPS.put("find by class", find(By.className("big"), "Hello"));
        STEPS.put("find by tag", find(By.tagName("h1"), "Hello"));
        STEPS.put("find by CSS", find(By.cssSelector("#over > b"), "o"));
        STEPS.put("find by XPath", find(By.xpath("//button[text()='Go']"), "Go"));
        STEPS.put("find by link text", find(By.linkText("two"), "two"));
        STEPS.put("find by part of a link text", find(By.partialLinkText("new"), "new window"));
        STEPS.put("find many and none", (d, s) -> d.findElements(By.tagName("option")).size() + d.findElements(By.tagName("none")).size());
        STEPS.put("find children", (d, s) -> one(d, "#over").findElements(By.cssSelector("*")).size());
        STEPS.put("a wrong selector", (d, s) -> fails(() -> one(d, "[[")));
        STEPS.put("shadow root", (d, s) -> one(d, "my-box").getShadowRoot().findElement(By.cssSelector("#inside")).getText());
        STEPS.put("no shadow root", (d, s) -> fails(() -> one(d, "h1").getShadowRoot()));
        STEPS.put("the active element", (d, s) -> {
            one(d, "#name").click();
            return d.switchTo().activeElement().getAttribute("id");
        });
        STEPS.put("attributes and properties", (d, s) -> one(d, "#name").getDomAttribute("placeholder") + one(d, "#name").getDomProperty("name"));
        STEPS.put("CSS values", (d, s) -> one(d, "#over").getCssValue("color"));
        STEPS.put("rect", (d, s) -> one(d, "#over").getRect().getDimension());
        STEPS.put("role and label", (d, s) -> one(d, "#go").getAriaRole() + one(d, "#name").getAccessibleName());
        STEPS.put("displayed, enabled, selected", (d, s) ->
                List.of(one(d, "#hidden").isDisplayed(), one(d, "#off").isEnabled(), one(d, "#check").isSelected()));
        STEPS.put("type and clear", (d, s) -> {
            one(d, "#area").sendKeys("two\nlines äöü 漢字");
            is(one(d, "#area").getDomProperty("value"), "two\nlines äöü 漢字");
            one(d, "#area").clear();
            return one(d, "#area").getDomProperty("value");
        });
        STEPS.put("keys with modifiers", (d, s) -> {
            one(d, "#name").sendKeys("abc", Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE, Keys.chord(Keys.SHIFT, "x"), "y");
            return one(d, "#name").getDomProperty("value");
        });
        STEPS.put("submit by Enter", (d, s) -> {
            one(d, "#name").sendKeys("Ada", Keys.ENTER);
            return said(d);
        });
        STEPS.put("submit a form", (d, s) -> {
            one(d, "#form").submit();
            return said(d);
        });
        STEPS.put("select", (d, s) -> {
            Select many = new Select(one(d, "#many"));
            many.selectByIndex(0);
            many.selectByVisibleText("z");
            many.deselectByIndex(0);
            return many.getFirstSelectedOption().getText() + many.getAllSelectedOptions().size();
        });
        STEPS.put("click that another element takes", (d, s) -> fails(() -> one(d, "#covered").click()));
        STEPS.put("click on what is hidden", (d, s) -> fails(() -> one(d, "#hidden").click()));
        STEPS.put("hover", (d, s) -> {
            new Actions(d).moveToElement(one(d, "#over")).perform();
            return said(d);
        });
        STEPS.put("double click", (d, s) -> {
            new Actions(d).doubleClick(one(d, "#over")).perform();
            return said(d);
        });
        STEPS.put("context click", (d, s) -> {
            new Actions(d).contextClick(one(d, "#over")).perform();
            return said(d);
        });
        STEPS.put("drag", (d, s) -> {
            new Actions(d).clickAndHold(one(d, "#slider")).moveByOffset(5, 0).release().perform();
            return said(d).startsWith("moved");
        });
        STEPS.put("wheel", (d, s) -> {
            new Actions(d).scrollFromOrigin(ScrollOrigin.fromElement(one(d, "#scroll")), 0, 120).perform();
            new WebDriverWait(d, ofSeconds(5)).until(x -> !one(d, "#scroll").getDomProperty("scrollTop").equals("0"));
            return "scrolled";
        });
        STEPS.put("keyboard actions", (d, s) -> {
            new Actions(d).click(one(d, "#name")).keyDown(Keys.SHIFT).sendKeys("a").keyUp(Keys.SHIFT).sendKeys("b").perform();
            d.resetInputState();
            return one(d, "#name").getDomProperty("value");
        });
        STEPS.put("script with values", (d, s) -> d.executeScript("return [arguments[0] + 1, arguments[1].c]", 1, Map.of("c", 2)));
        STEPS.put("script with elements", (d, s) -> ((WebElement) d.executeScript("return arguments[0].parentNode.querySelector('h1')", one(d, "#go"))).getText());
        STEPS.put("asynchronous script", (d, s) -> d.executeAsyncScript("const done = arguments[1]; setTimeout(() => done(arguments[0] * 2), 20)", 21));
        STEPS.put("script errors", (d, s) -> fails(() -> d.executeScript("throw new Error('mine')")));
        STEPS.put("script time-out", own(new ChromeOptions().setScriptTimeout(ofMillis(200)), d -> fails(() -> d.executeAsyncScript(""))));
        STEPS.put("page load time-out", own(new ChromeOptions().setPageLoadTimeout(ofMillis(500)), d -> fails(() -> d.get(PAGE + "/slow"))));
        STEPS.put("time-outs read", own(new ChromeOptions().setImplicitWaitTimeout(ofMillis(10)), d -> d.manage().timeouts().getImplicitWaitTimeout()));
        STEPS.put("cookies", (d, s) -> {
            d.manage().addCookie(new Cookie.Builder("user", "ada").isHttpOnly(true).sameSite("Lax").build());
            Cookie found = d.manage().getCookieNamed("user");
            is(List.of(found.getValue(), found.isHttpOnly(), found.getSameSite()), List.of("ada", true, "Lax"));
            d.manage().deleteCookieNamed("user");
            return d.manage().getCookies().size();
        });
        STEPS.put("new tab", opens(WindowType.TAB));
        STEPS.put("new window", opens(WindowType.WINDOW));
        STEPS.put("window of a link", (d, s) -> {
            String first = d.getWindowHandle();
            one(d, "#blank").click();
            new WebDriverWait(d, ofSeconds(5)).until(ExpectedConditions.numberOfWindowsToBe(2));
            d.switchTo().window(d.getWindowHandles().stream().filter(each -> !each.equals(first)).findFirst().orElseThrow());
            new WebDriverWait(d, ofSeconds(5)).until(ExpectedConditions.titleIs("two"));
            d.close();
            String closed = fails(d::getTitle);
            d.switchTo().window(first);
            return closed;
        });
        STEPS.put("window rect", (d, s) -> {
            d.manage().window().setPosition(new Point(0, 0));
            d.manage().window().setSize(new Dimension(700, 500));
            return d.manage().window().getSize();
        });
        STEPS.put("maximize, minimize, full screen", own(new ChromeOptions(), d -> {
            d.manage().window().maximize();
            d.manage().window().minimize();
            d.manage().window().fullscreen();
            return d.manage().window().getSize().getWidth() > 100;
        }));
        STEPS.put("frames", (d, s) -> {
            d.switchTo().frame(one(d, "#inner"));
            one(d, "button").click();
            d.switchTo().frame(0);
            is(one(d, "p").getText(), "second");
            d.switchTo().parentFrame();
            is(one(d, "button").getText(), "clicked");
            d.switchTo().defaultContent();
            return fails(() -> d.switchTo().frame(7));
        });
        STEPS.put("alert", (d, s) -> {
            one(d, "#alert").click();
            String text = new WebDriverWait(d, ofSeconds(5)).until(ExpectedConditions.alertIsPresent()).getText();
            d.switchTo().alert().accept();
            return text + fails(() -> d.switchTo().alert());
        });
        STEPS.put("confirm", (d, s) -> {
            one(d, "#confirm").click();
            d.switchTo().alert().dismiss();
            return said(d);
        });
        STEPS.put("prompt", (d, s) -> {
            one(d, "#prompt").click();
            d.switchTo().alert().sendKeys("me");
            d.switchTo().alert().accept();
            return said(d);
        });
        for (UnexpectedAlertBehaviour behaviour : UnexpectedAlertBehaviour.values()) STEPS.put("prompts: " + behaviour, prompts(behaviour));
        STEPS.put("implicit wait", own(new ChromeOptions().setImplicitWaitTimeout(ofSeconds(3)), d -> {
            d.get(PAGE);
            one(d, "#late").click();
            return one(d, "#grown").getText();
        }));
        STEPS.put("explicit wait that ends", (d, s) -> fails(() -> new WebDriverWait(d, ofMillis(300)).until(ExpectedConditions.titleIs("never"))));
        STEPS.put("no such element", (d, s) -> fails(() -> one(d, "#none")));
        STEPS.put("stale element", (d, s) -> {
            WebElement h1 = one(d, "h1");
            d.navigate().refresh();
            return fails(h1::getText);
        });
        STEPS.put("picture of the page", (d, s) -> d.getScreenshotAs(OutputType.BASE64).startsWith("iVBOR"));
        STEPS.put("picture of an element", (d, s) -> one(d, "#over").getScreenshotAs(OutputType.BASE64).startsWith("iVBOR"));
        STEPS.put("print", (d, s) -> d.print(new PrintOptions()).getContent().startsWith("JVBER"));
        STEPS.put("log of the browser", own(logging("browser"), d -> {
            d.get(PAGE + "/log");
            return d.manage().logs().get("browser").getAll().stream().filter(each -> each.getMessage().contains("an error of mine")).count();
        }));
        STEPS.put("log of performance", own(logging("performance"), d -> {
            d.get(PAGE);
            return d.manage().logs().get("performance").getAll().stream().anyMatch(each -> each.getMessage().contains("Network.responseReceived"));
        }));
        STEPS.put("virtual authenticator", own(new ChromeOptions(), d -> {
            var authenticator = d.addVirtualAuthenticator(new VirtualAuthenticatorOptions().setProtocol(VirtualAuthenticatorOptions.Protocol.CTAP2)
                    .setTransport(VirtualAuthenticatorOptions.Transport.INTERNAL).setHasUserVerification(true).setIsUserVerified(true));
            d.get(LOCAL + "/passkey");
            Object used = d.executeAsyncScript("make().then(use).then(found => arguments[0](found.type), error => arguments[0](String(error)))");
            int kept = authenticator.getCredentials().size();
            d.removeVirtualAuthenticator(authenticator);
            return used + " " + kept;
        }));
        for (PageLoadStrategy strategy : PageLoadStrategy.values()) STEPS.put("page load strategy: " + strategy, strategy(strategy));
        ChromeOptions mobile = new ChromeOptions();
        mobile.setExperimentalOption("mobileEmulation", Map.of("deviceMetrics", Map.of("width", 360, "height", 640, "pixelRatio", 3), "userAgent", "Phone/1"));
        STEPS.put("mobile emulation", own(mobile, d -> {
            d.get(PAGE);
            return d.executeScript("return [navigator.userAgent, devicePixelRatio, screen.width]");
        }));
        STEPS.put("certificate that is not valid", own(new ChromeOptions(), d -> fails(() -> d.get(SECURE))));
        ChromeOptions insecure = new ChromeOptions();
        insecure.setAcceptInsecureCerts(true);
        STEPS.put("certificate that is not valid, accepted", own(insecure, d -> {
            d.get(SECURE);
            return d.getTitle();
        }));
        STEPS.put("two sessions at once", (d, server) -> own(new ChromeOptions(), two -> {
            two.get(PAGE + "/two");
            return d.getTitle() + two.getTitle();
        }).run(d, server));
        STEPS.put("quit twice, and a command after", (d, server) -> {
            RemoteWebDriver two = server.open(new ChromeOptions());
            two.quit();
            two.quit();
            return fails(two::getTitle);
        });
        STEPS.put("capabilities", own(new ChromeOptions(), d -> {
            List<Object> found = new ArrayList<>();
            for (String name : Arrays.asList("browserName", "platformName", "acceptInsecureCerts", "pageLoadStrategy", "setWindowRect")) {
                found.add(d.getCapabilities().getCapability(name));
            }
            return found;
        }));
    }

    public static void main(String[] args) {
        Server berth = new Server(System.getenv("BERTH_HUB"), null);
        Server bare = new Server(System.getenv("BARE_URL"), System.getenv("BARE_BINARY"));
        String only = Objects.requireNonNullElse(System.getenv("ONLY"), "");
        int worse = 0;
        int same = 0;
        int passed = 0;
        for (Map.Entry<String, Step> each : STEPS.entrySet()) {
            if (!each.getKey().contains(only)) continue;
            Outcome mine = berth.attempt(each.getValue());
            Outcome theirs = bare.attempt(each.getValue());
            System.out.printf("%s/%s selenium-java: %s%n", mine.ok ? "ok" : "FAILED", theirs.ok ? "ok" : "FAILED", each.getKey());
            if (!mine.equals(theirs) || !mine.ok) System.out.printf("    berth %s%n    bare  %s%n", mine.value, theirs.value);
            if (mine.equals(theirs)) same++;
            if (theirs.ok) passed++;
            if (theirs.ok && !mine.ok) worse++;
        }
        berth.end();
        bare.end();
        System.out.printf("selenium-java: %d of %d steps alike, %d pass natively, %d that only Berth fails%n", same, STEPS.size(), passed, worse);
        System.exit(passed == 0 ? 1 : worse);
    }
}
