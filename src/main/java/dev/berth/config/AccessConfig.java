package dev.berth.config;

/**
 * Rights of keys.
 *
 * @param adminsSeeContent whether admins may read the sessions of other users
 */
public record AccessConfig(boolean adminsSeeContent) {
    static AccessConfig read(Settings settings) {
        return new AccessConfig(settings.flag("access.admins-see-content", false));
    }
}
