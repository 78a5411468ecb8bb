package dev.berth.http.browserbase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.berth.config.SessionsConfig;
import dev.berth.http.request.IgnoredFields;
import dev.berth.protocol.BerthException;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenSessionTest {
    private static final String USUAL = "'timeouts':{'lifetime':1000000,'idle':1000000}";

    /** @param json with ' for " */
    private static GivenSession read(String json, boolean blocksAds) {
        SessionsConfig limits = new SessionsConfig(1, "", 1, 1, 1, 600_000, 1_000_000, 30_000, 7_200_000, 0, 0, 0);
        return GivenSession.of(json(json), limits, blocksAds);
    }

    private static JsonObject json(String json) {
        return new JsonObject(json.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | {USUAL}",
                "{'projectId':'p','region':null,'proxies':false} | {USUAL}",
                "{'timeout':60} | {'timeouts':{'lifetime':60000,'idle':60000}}",
                "{'timeout':60,'keepAlive':true} | {'timeouts':{'lifetime':60000,'idle':60000,'reconnect':60000}}",
                "{'browserSettings':{'viewport':{'width':300}}} | {USUAL,'viewport':{'width':300,'height':720}}",
                "{'browserSettings':{'context':{'id':'c'}}} | {USUAL,'profile':{'name':'c','save':'never'}}",
                "{'browserSettings':{'context':{'id':'c','persist':true}}} | {USUAL,'profile':{'name':'c','save':'always'}}",
                "{'browserSettings':{'blockAds':true}} | {USUAL,'blockAds':true}",
                "{'browserSettings':{'allowedDomains':[]}} | {USUAL}",
                "{'browserSettings':{'allowedDomains':['a.de:81','*.b.de','192.0.2.1']}}"
                        + " | {USUAL,'allowedDomains':['a.de:81','*.a.de:81','*.b.de','192.0.2.1']}",
                "{'browserSettings':{'recordSession':false}} | {USUAL,'recording':false}",
                "{'browserSettings':{'ignoreCertificateErrors':true}} | {USUAL,'ignoreHttpsErrors':true}",
                "{'proxies':[{'type':'none','domainPattern':'a\\\\.de'},{'type':'external','server':'s','username':'u',"
                        + "'password':'p','domainPattern':'.*'}]}"
                        + " | {USUAL,'proxy':[{'server':'none','domains':['a.de','*.a.de']},"
                        + "{'server':'s','username':'u','password':'p'}]}"
            })
    void fieldsBecomeOptions(String given, String options) {
        GivenSession read = read(given, true);
        assertThat(read.body().getJsonObject("options")).isEqualTo(json(options.replace("USUAL", USUAL)));
        assertThat(read.ignored().paths()).isEmpty();
    }

    @Test
    void metadataIsText() {
        assertThat(read("{'userMetadata':{'a':'x','n':5,'b':true,'o':{'c':[1]},'z':null}}", true)
                        .body()
                        .getJsonObject("metadata"))
                .isEqualTo(new JsonObject()
                        .put("a", "x")
                        .put("n", "5")
                        .put("b", "true")
                        .put("o", "{\"c\":[1]}")
                        .put("z", "null"));
    }

    @Test
    void unknownFieldsAreNamedAndNotUsed() {
        GivenSession read = read(
                "{'region':'x','args':['--load-extension=/x'],'userDataDir':'/etc','browserSettings':{'blockAds':true,"
                        + "'solveCaptchas':false,'binary':'/x','viewport':{'deviceScaleFactor':2}},"
                        + "'proxies':[{'type':'none','geolocation':{}}]}",
                false);
        assertThat(read.ignored().paths())
                .containsExactly(
                        "region",
                        "args",
                        "userDataDir",
                        "browserSettings.blockAds",
                        "browserSettings.solveCaptchas",
                        "browserSettings.binary",
                        "browserSettings.viewport.deviceScaleFactor",
                        "proxies[0].geolocation");
        assertThat(read.body().encode()).doesNotContain("/x", "/etc", "blockAds");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'timeout':59} | timeout: must be a whole number from 60 to 7200",
                "{'timeout':7201} | timeout: must be a whole number from 60 to 7200",
                "{'timeout':'60'} | timeout: must be a whole number from 60 to 7200",
                "{'timeout':60.5} | timeout: must be a whole number from 60 to 7200",
                "{'timeout':99999999999999999999} | timeout: must be a whole number from 60 to 7200",
                "{'keepAlive':1} | keepAlive: must be true or false",
                "{'browserSettings':[]} | browserSettings: must be an object",
                "{'browserSettings':{'viewport':{'width':0}}} | browserSettings.viewport.width: must be a whole number from 1 to",
                "{'browserSettings':{'context':{}}} | browserSettings.context.id: is missing",
                "{'browserSettings':{'allowedDomains':[1]}} | browserSettings.allowedDomains[0]: must be a string",
                "{'browserSettings':{'extensionId':'e'}} | browserSettings.extensionId: extensions of Berth have names",
                "{'extensionId':'e'} | extensionId: extensions of Berth have names",
                "{'proxies':true} | proxies: Berth has no proxies of its own",
                "{'proxies':'x'} | proxies: must be a list",
                "{'proxies':[{'type':'browserbase'}]} | proxies[0].type: Berth has no proxies of its own",
                "{'proxies':[{'type':'external'}]} | proxies[0].server: is missing",
                "{'proxies':[{'type':'none','domainPattern':'(a+)'}]} | proxies[0].domainPattern: must be a host",
                "{'userMetadata':'x'} | userMetadata: must be an object"
            })
    void whatIsWrongIsNamed(String given, String why) {
        assertThatThrownBy(() -> read(given, true))
                .isInstanceOf(BerthException.class)
                .hasMessageStartingWith(why);
    }

    @Test
    void theNoteHasABound() {
        assertThat(new IgnoredFields(Collections.nCopies(30, "a".repeat(1_000))).note())
                .hasSizeLessThan(1_000);
        assertThat(new IgnoredFields(List.of("region", "os")).note()).endsWith(": region, os");
    }
}
