package dev.berth.config;

/**
 * For how long ended sessions are kept; 0 days is for ever.
 *
 * @param days all of a session
 * @param recordingDays its videos
 * @param artifactDays its other files
 * @param logDays its console, its network and its bodies
 * @param profileDays profiles, since a session last used them
 * @param sweepSeconds between two looks for what is older
 * @param checkHours between two comparisons of the object store with Postgres; 0 for none
 */
public record RetentionConfig(
        int days, int recordingDays, int artifactDays, int logDays, int profileDays, int sweepSeconds, int checkHours) {
    private static final int MAX_DAYS = 36_500;

    static RetentionConfig read(Settings settings) {
        return new RetentionConfig(
                settings.integer("retention.days", 0, 0, MAX_DAYS),
                settings.integer("retention.recording-days", 0, 0, MAX_DAYS),
                settings.integer("retention.artifact-days", 0, 0, MAX_DAYS),
                settings.integer("retention.log-days", 0, 0, MAX_DAYS),
                settings.integer("retention.profile-days", 0, 0, MAX_DAYS),
                settings.integer("retention.sweep-seconds", 300, 1, 86_400),
                settings.integer("retention.check-hours", 24, 0, 8_760));
    }
}
