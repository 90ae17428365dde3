package interop;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.security.Security;
import java.util.HashMap;
import java.util.Map;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.util.encoders.Hex;

/**
 * The Bouncy Castle side of the interoperability tests. One request a line: an operation and its arguments,
 * hexadecimal, "-" for none. One answer a line: "ok" and the results in the same form, or "err" and a text.
 */
public final class Partner {
    /** One operation; results may be null for none. */
    interface Operation {
        byte[][] run(byte[][] args) throws Exception;
    }

    private static final Map<String, Operation> OPERATIONS = new HashMap<>();

    private Partner() {}

    static void add(String name, Operation operation) {
        OPERATIONS.put(name, operation);
    }

    static String text(byte[] b) {
        return new String(b, StandardCharsets.UTF_8);
    }

    static byte[] text(Object o) {
        return String.valueOf(o).getBytes(StandardCharsets.UTF_8);
    }

    static int number(byte[] b) {
        return Integer.parseInt(text(b));
    }

    static byte[][] of(byte[]... results) {
        return results;
    }

    public static void main(String[] args) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        Primitives.register();
        Curves.register();
        Certificates.register();
        Signed.register();
        Enveloped.register();
        Containers.register();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            out.println(answer(line));
        }
    }

    private static String answer(String line) {
        try {
            String[] words = line.split(" ");
            Operation operation = OPERATIONS.get(words[0]);
            if (operation == null) {
                return "err unknown operation " + words[0];
            }
            byte[][] args = new byte[words.length - 1][];
            for (int i = 0; i < args.length; i++) {
                args[i] = words[i + 1].equals("-") ? null : Hex.decode(words[i + 1]);
            }
            StringBuilder reply = new StringBuilder("ok");
            for (byte[] result : operation.run(args)) {
                reply.append(' ').append(result == null || result.length == 0 ? "-" : Hex.toHexString(result));
            }
            return reply.toString();
        } catch (Exception e) {
            StackTraceElement[] trace = e.getStackTrace();
            return ("err " + e + (trace.length > 0 ? " at " + trace[0] : "")).replaceAll("\\s+", " ");
        }
    }
}
