import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessPlugin;
import org.opensearch.transport.Netty4Plugin;

/** One node of OpenSearch in this process; its arguments are settings, key=value. It runs until it is killed. */
public final class TestNode extends Node {
    private TestNode(Settings settings) {
        super(InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "node"),
            List.of(Netty4Plugin.class, PainlessPlugin.class), false);
    }

    public static void main(String[] args) throws Exception {
        Settings.Builder settings = Settings.builder()
            .put("http.type", "netty4").put("transport.type", "netty4")
            .put("network.host", "127.0.0.1").put("discovery.type", "zen");
        for (String a : args) {
            int at = a.indexOf('=');
            String key = a.substring(0, at), value = a.substring(at + 1);
            if (value.contains(",")) {
                settings.putList(key, value.split(","));
            } else {
                settings.put(key, value);
            }
        }
        TestNode node = new TestNode(settings.build());
        node.start();
        CountDownLatch forever = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (Exception e) {
                e.printStackTrace();
            }
            forever.countDown();
        }));
        forever.await();
    }
}
