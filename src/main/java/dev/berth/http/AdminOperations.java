package dev.berth.http;

import dev.berth.access.AdminLog;
import dev.berth.access.KeyAdministration;
import dev.berth.access.UserAdministration;
import dev.berth.database.Database;
import dev.berth.history.UsageRepository;
import dev.berth.http.admin.AccessRoutes;
import dev.berth.http.admin.AdminRoutes;
import dev.berth.http.admin.AllSessionsRoutes;
import dev.berth.http.admin.SessionEnds;
import dev.berth.http.admin.UsageRoutes;
import dev.berth.http.request.AdminAccess;
import dev.berth.http.request.Answers;
import dev.berth.limits.CountLimit;
import dev.berth.protocol.SessionClient;

/** Mounts the operations of admins: nodes, all sessions, users and keys. */
record AdminOperations(HttpServices services, SessionClient client, CountLimit<Long> searches) {
    void mount(MountedContract operations) {
        Database database = services.repositories().database();
        AdminAccess who = new AdminAccess(services.keys());
        AdminRoutes admin = new AdminRoutes(
                services.machineId(),
                services.config().sessions().drainSeconds(),
                client,
                services.cluster().table(),
                who,
                new AdminLog(database),
                services.retention().reconciler());
        operations.route("drain", Answers.json(202, admin::drain));
        operations.route("undrain", Answers.json(200, admin::undrain));
        operations.route("listNodes", Answers.json(admin::nodes));
        operations.route("listAdminLog", Answers.json(admin::log));
        operations.route("reconcile", Answers.json(admin::reconcile));
        SessionEnds ends = new SessionEnds(client, services.repositories().all(), new AdminLog(database));
        AllSessionsRoutes all = new AllSessionsRoutes(
                services.repositories().all(),
                ends,
                who,
                searches,
                services.config().access().adminsSeeContent());
        operations.route("listAllSessions", Answers.json(all::list));
        operations.route("endAnySession", Answers.json(all::end));
        AccessRoutes accounts =
                new AccessRoutes(new UserAdministration(database), new KeyAdministration(database), who, ends);
        operations.route("createKey", Answers.json(201, accounts::createKey));
        operations.route("listKeys", Answers.json(accounts::listKeys));
        operations.route("changeKey", Answers.json(accounts::changeKey));
        operations.route("revokeKey", Answers.json(accounts::revokeKey));
        operations.route("rotateKey", Answers.json(201, accounts::rotateKey));
        operations.route("createUser", Answers.json(201, accounts::createUser));
        operations.route("listUsers", Answers.json(accounts::listUsers));
        operations.route("removeUser", Answers.json(accounts::removeUser));
        operations.route(
                "getUsageOfKeys", Answers.json(new UsageRoutes(new UsageRepository(database), searches)::usage));
    }
}
