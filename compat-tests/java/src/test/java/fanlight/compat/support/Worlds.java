package fanlight.compat.support;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests their {@link World}: one server for the whole run and one steered server, and an account of its own for
 * each test, so that tests neither clean up nor wait for each other.
 */
public final class Worlds implements ParameterResolver {
    private static final Namespace HERE = Namespace.create(Worlds.class);
    private static final AtomicLong ACCOUNTS = new AtomicLong(500_000_000_000L);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == World.class;
    }

    @Override
    public World resolveParameter(ParameterContext parameter, ExtensionContext context) {
        // What is in a store is closed with it: servers at the end of the run, worlds at the end of the test.
        ExtensionContext.Store run = context.getRoot().getStore(HERE);
        Server server = parameter.isAnnotated(Steered.class)
            ? run.getOrComputeIfAbsent("steered", name -> Server.start().freeze(), Server.class)
            : run.getOrComputeIfAbsent("shared", name -> Server.start(), Server.class);
        World world = new World(server, newAccount(), "us-east-1");
        context.getStore(HERE).put(parameter.getIndex(), world);
        return world;
    }

    public static String newAccount() {
        return Long.toString(ACCOUNTS.incrementAndGet());
    }
}
