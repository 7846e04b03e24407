import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.DocValues;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MultiCollector;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.SimpleCollector;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.search.WildcardQuery;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/** Lucene with its analyzer of CJK bigrams: build DIR, ask DIR or ask DIR warm. */
final class Lucene {
    private static final String[] FACETS = {"place", "year", "kind"};
    private static final Analyzer ANALYZER = new CJKAnalyzer(CharArraySet.EMPTY_SET);

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        if (args[0].equals("build")) {
            build(folder);
        } else {
            ask(folder, args.length > 2);
        }
    }

    private static void build(Path folder) throws IOException {
        Path index = folder.resolve("lucene");
        if (Files.exists(index)) {
            try (Stream<Path> files = Files.list(index)) {
                for (Path f : (Iterable<Path>) files::iterator) {
                    Files.delete(f);
                }
            }
        }
        FieldType text = new FieldType(TextField.TYPE_STORED);
        text.setIndexOptions(IndexOptions.DOCS_AND_FREQS_AND_POSITIONS_AND_OFFSETS);
        text.freeze();
        IndexWriterConfig config = new IndexWriterConfig(ANALYZER).setRAMBufferSizeMB(64);
        try (IndexWriter w = new IndexWriter(FSDirectory.open(index), config);
                Stream<String> lines = Files.lines(folder.resolve("texts.jsonl"))) {
            for (String line : (Iterable<String>) lines::iterator) {
                List<?> row = (List<?>) new Json(line).value();
                Document d = new Document();
                d.add(new StoredField("title", (String) row.get(1)));
                d.add(new Field("text", row.get(1) + "\n\n" + row.get(2), text));
                for (int i = 0; i < FACETS.length; i++) {
                    d.add(new SortedDocValuesField(FACETS[i], new BytesRef((String) row.get(3 + i))));
                }
                w.addDocument(d);
            }
            w.forceMerge(1);
        }
    }

    private static void ask(Path folder, boolean warm) throws IOException {
        List<?> queries = (List<?>) new Json(Files.readString(folder.resolve("asks.json"))).value();
        StringBuilder[] out = {new StringBuilder(), new StringBuilder(), new StringBuilder()};
        try (DirectoryReader reader = DirectoryReader.open(FSDirectory.open(folder.resolve("lucene")))) {
            IndexSearcher searcher = new IndexSearcher(reader);
            for (int times = 0; times < (warm ? 2 : 1); times++) {
                out[2].setLength(0);
                for (Object q : queries) {
                    long at = System.nanoTime();
                    int total = answer(searcher, query((Map<?, ?>) q));
                    add(out[times], String.format(Locale.ROOT, "%.4f", (System.nanoTime() - at) / 1e6));
                    add(out[2], Integer.toString(total));
                }
            }
        }
        new PrintStream(System.out, true, StandardCharsets.UTF_8)
                .printf("{\"first\": [%s], \"warm\": [%s], \"counts\": [%s]}%n", out[0], out[1], out[2]);
    }

    private static void add(StringBuilder list, String item) {
        list.append(list.length() == 0 ? "" : ", ").append(item);
    }

    /** Either of the groups, all words of one, and none of those that are to be missing. */
    private static Query query(Map<?, ?> q) throws IOException {
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        for (Object g : (List<?>) q.get("Groups")) {
            BooleanQuery.Builder all = new BooleanQuery.Builder();
            for (Object w : (List<?>) g) {
                all.add(word((String) w), BooleanClause.Occur.MUST);
            }
            any.add(all.build(), BooleanClause.Occur.SHOULD);
        }
        BooleanQuery.Builder out = new BooleanQuery.Builder().add(any.build(), BooleanClause.Occur.MUST);
        if (q.get("Without") instanceof List<?> without) {
            for (Object w : without) {
                out.add(word((String) w), BooleanClause.Occur.MUST_NOT);
            }
        }
        return out.build();
    }

    /** A phrase of the word's bigrams; a single character is looked for in all of them. */
    private static Query word(String w) throws IOException {
        if (w.codePointCount(0, w.length()) == 1) {
            return new WildcardQuery(new Term("text", "*" + w + "*"));
        }
        PhraseQuery.Builder phrase = new PhraseQuery.Builder();
        try (TokenStream tokens = ANALYZER.tokenStream("text", w)) {
            CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                phrase.add(new Term("text", term.toString()));
            }
            tokens.end();
        }
        return phrase.build();
    }

    /** Counts all hits, their places, years and kinds, and quotes the ten best. */
    private static int answer(IndexSearcher searcher, Query query) throws IOException {
        TopScoreDocCollector top = new TopScoreDocCollectorManager(10, null, Integer.MAX_VALUE).newCollector();
        Facets facets = new Facets();
        searcher.search(query, MultiCollector.wrap(top, facets));
        TopDocs best = top.topDocs();
        UnifiedHighlighter highlighter = UnifiedHighlighter.builder(searcher, ANALYZER).withMaxLength(1 << 20).build();
        String[] quotes = highlighter.highlight("text", query, best, 1);
        for (int i = 0; i < quotes.length; i++) {
            searcher.storedFields().document(best.scoreDocs[i].doc, java.util.Set.of("title"));
        }
        return (int) best.totalHits.value;
    }

    private static final class Facets extends SimpleCollector {
        final List<Map<String, Integer>> counts = List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
        private final SortedDocValues[] values = new SortedDocValues[FACETS.length];

        @Override
        protected void doSetNextReader(LeafReaderContext context) throws IOException {
            for (int i = 0; i < FACETS.length; i++) {
                values[i] = DocValues.getSorted(context.reader(), FACETS[i]);
            }
        }

        @Override
        public void collect(int doc) throws IOException {
            for (int i = 0; i < FACETS.length; i++) {
                if (values[i].advanceExact(doc)) {
                    counts.get(i).merge(values[i].lookupOrd(values[i].ordValue()).utf8ToString(), 1, Integer::sum);
                }
            }
        }

        @Override
        public ScoreMode scoreMode() {
            return ScoreMode.COMPLETE_NO_SCORES;
        }
    }

    /** As much JSON as the corpus has: lists, objects, strings, numbers and null. */
    private static final class Json {
        private final String text;
        private int at;

        Json(String text) {
            this.text = text;
        }

        Object value() {
            switch (next()) {
                case '[':
                    at++;
                    List<Object> list = new ArrayList<>();
                    while (next() != ']') {
                        list.add(value());
                    }
                    at++;
                    return list;
                case '{':
                    at++;
                    Map<String, Object> map = new HashMap<>();
                    while (next() != '}') {
                        String key = (String) value();
                        map.put(key, value());
                    }
                    at++;
                    return map;
                case '"':
                    return string();
                default:
                    int from = at;
                    while (at < text.length() && ",]} \n".indexOf(text.charAt(at)) < 0) {
                        at++;
                    }
                    String word = text.substring(from, at);
                    return word.equals("null") ? null : word;
            }
        }

        private char next() {
            while (" \t\r\n,:".indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return text.charAt(at);
        }

        private String string() {
            StringBuilder out = new StringBuilder();
            for (at++; text.charAt(at) != '"'; at++) {
                char c = text.charAt(at);
                if (c != '\\') {
                    out.append(c);
                    continue;
                }
                c = text.charAt(++at);
                if (c == 'u') {
                    out.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                    at += 4;
                } else {
                    int i = "nrtbf".indexOf(c);
                    out.append(i < 0 ? c : "\n\r\t\b\f".charAt(i));
                }
            }
            at++;
            return out.toString();
        }
    }
}
