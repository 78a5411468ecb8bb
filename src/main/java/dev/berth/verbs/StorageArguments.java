package dev.berth.verbs;

import dev.berth.protocol.Cookie;
import dev.berth.protocol.StorageState;
import dev.berth.protocol.StorageState.OriginStorage;
import dev.berth.protocol.StorageState.StoredCookie;
import dev.berth.protocol.StorageState.StoredItem;

/** The JSON form of what a browser has stored. */
public final class StorageArguments {
    private StorageArguments() {}

    /** What Playwright writes as its {@code storageState}. */
    public static StorageState state(Arguments in) {
        return new StorageState(
                in.objects("cookies", StorageArguments::storedCookie),
                in.objects("origins", StorageArguments::originStorage));
    }

    private static StoredCookie storedCookie(Arguments in) {
        return new StoredCookie(
                in.text("name"),
                in.text("value"),
                in.text("domain"),
                in.text("path"),
                in.optionalNumber("expires"),
                in.flag("httpOnly", false),
                in.flag("secure", false),
                in.optionalText("sameSite"),
                in.optionalText("partitionKey"),
                in.optionalFlag("_crHasCrossSiteAncestor"));
    }

    private static OriginStorage originStorage(Arguments in) {
        return new OriginStorage(
                in.text("origin"),
                in.objects("localStorage", item -> new StoredItem(item.text("name"), item.text("value"))),
                in.values("indexedDB"));
    }

    static Cookie cookie(Arguments in) {
        return new Cookie(
                in.text("name"),
                in.text("value"),
                in.optionalText("domain"),
                in.optionalText("url"),
                in.optionalText("path"),
                in.optionalNumber("expires"),
                in.flag("httpOnly", false),
                in.flag("secure", false),
                in.optionalText("sameSite"));
    }
}
