/* The page of a run: draws the document that stands in it. Whatever comes from
 * the document is put in as text only. */
"use strict";
const run = JSON.parse(document.getElementById("run").textContent);
const $ = (id) => document.getElementById(id);
const svgNew = (name, attributes, parent, text) => {
	const e = document.createElementNS("http://www.w3.org/2000/svg", name);
	for (const key in attributes) e.setAttribute(key, attributes[key]);
	if (text !== undefined) e.textContent = text;
	if (parent) parent.append(e);
	return e;
};
const htmlNew = (name, parent, className, text) => {
	const e = document.createElement(name);
	if (className) e.className = className;
	if (text !== undefined) e.textContent = text;
	if (parent) parent.append(e);
	return e;
};

/* Numbers as people read them; a dash for what is not known. */
const DASH = "\u2013";
const known = (n) => n !== undefined && n !== null;
const three = (n) => n >= 100 ? n.toFixed(0) : n >= 10 ? n.toFixed(1) : n.toFixed(2);
const scaled = (n, base, units) => {
	let i = 0;
	while (n >= base && i < units.length - 1) { n /= base; i++; }
	return (i === 0 && Number.isInteger(n) ? String(n) : three(n)) + units[i];
};
const whole = (n) => known(n) ? Math.round(n).toLocaleString("en") : DASH;
const tenths = (n) => !known(n) ? DASH : n >= 1000 ? whole(n) : n.toLocaleString("en", { maximumFractionDigits: 1 });
const bytes = (n) => known(n) ? scaled(n, 1024, [" B", " KiB", " MiB", " GiB", " TiB"]) : DASH;
const time = (ns) => known(ns) ? scaled(ns, 1000, [" ns", " \u00b5s", " ms", " s"]) : DASH;
const percent = (n) => known(n) ? three(n) + " %" : DASH;
const clockText = (text) => text.replace("T", " ").replace("Z", " UTC");
const words = (key) => key.replace(/_/g, " ");
/* Histograms are called as in the text: see client/tally_hist.c. */
const titles = { connect: "TCP connect", tls_handshake: "TLS" };
const titleOf = (key) => titles[key] || words(key);

/* Histograms: log-linear, as the layout in the document says. */
const SUB = 2 ** run.histogram_layout.sub_bits;
const lowOf = (bucket) => {
	if (bucket < 2 * SUB) return bucket;
	const shift = Math.floor(bucket / SUB) - 1;
	return (bucket - shift * SUB) * 2 ** shift;
};
const middleOf = (bucket) => Math.floor((lowOf(bucket) + lowOf(bucket + 1)) / 2);
/* Of fewer values a quantile is not known: see common/base/hist.h. */
const needed = (q) => q <= .5 || q >= 1 ? 1 : Math.ceil(1 / (1 - q) * (1 - 1e-9));
const quantile = (h, q) => {
	let total = 0, seen = 0, last = 0;
	for (const [, n] of h.buckets) total += n;
	if (total < needed(q)) return undefined;
	const rank = Math.max(1, q >= 1 ? total : Math.ceil(q * total * (1 - 4 * Number.EPSILON)));
	for (const [bucket, n] of h.buckets) {
		seen += n; last = bucket;
		if (seen >= rank) break;
	}
	return Math.min(middleOf(last), h.max);
};
const hist = (key) => run.histograms[key] && run.histograms[key].count > 0 ? run.histograms[key] : null;
const mainKey = run.configuration.handshakes ? "transaction" : "round_trip";
const unit = run.configuration.handshakes ? "transactions" : "round trips";
const done = (second) => second[run.configuration.handshakes ? "transactions" : "round_trips"];
const errorsOf = (d) => Object.values(d.errors).reduce((a, b) => a + b, d.workers_died);

/* Each second, and how long it was; those that stand for several, too. */
let before = 0;
const seconds = run.series.map((s) => {
	const length = Math.max(1, s.end_ns - before) / 1e9, from = before / 1e9;
	before = s.end_ns;
	return { ...s, from, to: s.end_ns / 1e9, length, rate: done(s) / length,
		p50: quantile(s.latency, .5), p99: quantile(s.latency, .99), most: s.latency.count ? s.latency.max : undefined };
});
const end = seconds.length ? seconds[seconds.length - 1].to : 0;

/* A table: columns are [title, function of a row, is text?]. */
const table = (parent, columns, rows) => {
	const scroll = htmlNew("div", parent, "scroll");
	scroll.tabIndex = 0; scroll.setAttribute("role", "region"); scroll.setAttribute("aria-label", "Table");
	const t = htmlNew("table", scroll), head = htmlNew("tr", htmlNew("thead", t)), body = htmlNew("tbody", t);
	for (const [title, , isText] of columns) htmlNew("th", head, isText ? "" : "n", title).scope = "col";
	for (const row of rows) {
		const tr = htmlNew("tr", body);
		columns.forEach(([, of, isText], i) => {
			const value = of(row), cell = htmlNew(i === 0 && isText ? "th" : "td", tr, isText ? "wrap" : "n");
			if (cell.localName === "th") cell.scope = "row";
			if (Array.isArray(value)) { /* what it is, and how it reads */
				const data = htmlNew("data", cell, "", value[1]);
				if (known(value[0])) data.value = value[0];
			} else cell.textContent = value;
		});
	}
	return t;
};
const of = (format, get) => (row) => [get(row), format(get(row))];

/* Scales: from values to pixels, with ticks. */
const linear = (low, high, from, to) => {
	const span = high - low || 1;
	const scale = (v) => from + (v - low) / span * (to - from);
	let step = 10 ** Math.floor(Math.log10(span / 4));
	while (span / step > 8) step *= step.toExponential().startsWith("2") ? 2.5 : 2;
	scale.ticks = [];
	for (let v = Math.ceil(low / step) * step; v <= high * 1.0001; v += step) scale.ticks.push(v);
	return scale;
};
const logarithmic = (low, high, from, to) => {
	const a = Math.log10(low), b = Math.max(Math.log10(high), a + .5);
	const scale = (v) => from + (Math.log10(Math.max(v, low)) - a) / (b - a) * (to - from);
	scale.ticks = [];
	for (let e = Math.floor(a); e <= Math.ceil(b); e++)
		for (const m of b - a < 2.5 ? [1, 2, 5] : [1]) {
			const v = m * 10 ** e;
			if (v >= low * .999 && v <= 10 ** b * 1.001) scale.ticks.push(v);
		}
	return scale;
};

/* A picture: a title, a legend, an SVG that is drawn anew when its width
 * changes, and a table. */
const LEFT = 62, RIGHT = 12, TOP = 8, BOTTOM = 22;
const pictures = [];
const picture = (id, title, legend, draw, columns, rows, isLong) => {
	const figure = htmlNew("figure", $("charts"), "card"), caption = htmlNew("figcaption", figure);
	figure.id = id;
	htmlNew("h2", caption, "", title).id = id + "-title";
	const key = htmlNew("span", caption, "legend");
	legend.forEach((word, i) => {
		svgNew("path", { class: "l" + i, d: "M1 4H25" }, svgNew("svg", { viewBox: "0 0 26 8", "aria-hidden": "true" }, key));
		key.append(word);
	});
	const svg = svgNew("svg", { role: "img", "aria-labelledby": id + "-title" }, figure);
	const details = htmlNew("details", figure, isLong ? "long" : "");
	htmlNew("summary", details, "", "As a table");
	table(details, columns, rows);
	pictures.push(() => {
		const w = Math.max(280, Math.round(svg.getBoundingClientRect().width)), h = 250;
		svg.replaceChildren();
		svg.setAttribute("viewBox", `0 0 ${w} ${h}`);
		draw(svg, { w, h, left: LEFT, right: w - RIGHT, top: TOP, foot: h - BOTTOM });
	});
};
/* Words that would run into the one before are left out. */
const axes = (svg, box, x, xFormat, y, yFormat) => {
	let d = "", lastX = -Infinity, lastY = Infinity;
	for (const v of y.ticks) {
		if (y(v) < box.top - 1 || y(v) > box.foot + 1) continue;
		d += `M${box.left} ${y(v).toFixed(1)}H${box.right}`;
		if (lastY - y(v) < 14) continue;
		lastY = y(v);
		svgNew("text", { x: box.left - 6, y: y(v) + 4, "text-anchor": "end" }, svg, yFormat(v));
	}
	for (const v of x.ticks) {
		const word = xFormat(v), half = word.length * 3.2, at = Math.min(x(v), box.right - half + RIGHT);
		d += `M${x(v).toFixed(1)} ${box.top}V${box.foot}`;
		if (at - half < lastX + 8) continue;
		lastX = at + half;
		svgNew("text", { x: at, y: box.h - 6, "text-anchor": "middle" }, svg, word);
	}
	svg.prepend(svgNew("path", { class: "grid", d }));
};
/* What is not known is a gap; a point alone is a dot. */
const line = (svg, number, points) => {
	let d = "", isDown = false;
	for (const [x, y] of points) {
		if (y !== undefined) d += (isDown ? "L" : "M") + x.toFixed(1) + " " + y.toFixed(1) + (isDown ? "" : "h.1");
		isDown = y !== undefined;
	}
	svgNew("path", { class: "l" + number, d }, svg);
};
/* Ticks are round numbers, so zeros behind the point say nothing. */
const tick = (text) => text.replace(/(\.\d*?)0+(?= |$)/, "$1").replace(/\.(?= |$)/, "");
const clockTick = (s) => +s.toFixed(3) + " s";
const timeTick = (ns) => ns === 0 ? "0" : tick(time(ns));
const rateTick = (v) => v >= 1000 ? tick(scaled(v, 1000, ["", " k", " M", " G"])) : String(+v.toFixed(2));
const latencySpan = (values) => {
	const all = values.filter((v) => v > 0);
	return all.length ? [Math.min(...all) * .9, Math.max(...all) * 1.1] : [1000, 1e6];
};
/* Smallest and largest without spreading a long list over the stack. */
const extremes = (list, low, high) => list.reduce(([a, b], s) =>
	[known(s[low]) && s[low] > 0 ? Math.min(a, s[low]) : a, known(s[high]) ? Math.max(b, s[high]) : b], [Infinity, 0]);

/* The spectrum: quantiles, as far out as there are values for. */
const spectrum = () => {
	const lines = [[titleOf(mainKey), hist(mainKey)], [titleOf("service"), run.rate > 0 ? hist("service") : null]].filter(([, h]) => h);
	if (!lines.length) return;
	const nines = Math.max(1, Math.min(8, Math.ceil(Math.log10(lines[0][1].count))));
	const far = 10 ** nines;
	const steps = [0, .25, .5, .75];
	for (let e = 1; e <= nines; e++) for (const part of [1, .5, .25]) if (part === 1 || e < nines) steps.push(1 - part * 10 ** -e);
	const name = (q) => "p" + +(100 * q).toFixed(Math.max(0, nines - 1));
	picture("spectrum", "Latency spectrum", lines.map(([word]) => word), (svg, box) => {
		const [low, high] = latencySpan(lines.flatMap(([, h]) => [quantile(h, 0), h.max]));
		const x = logarithmic(1, far, box.left, box.right), y = logarithmic(low, high, box.foot, box.top);
		x.ticks = [1, 2]; for (let e = 1; e <= nines; e++) x.ticks.push(10 ** e);
		axes(svg, box, x, (v) => v === 1 ? "min" : v === 2 ? "p50" : name(1 - 1 / v), y, timeTick);
		lines.forEach(([, h], i) => {
			const points = [];
			for (let k = 0; k <= 40 * nines; k++) {
				const v = 10 ** (k / 40);
				const at = quantile(h, 1 - 1 / v);
				points.push([x(v), known(at) ? y(at) : undefined]);
			}
			line(svg, i, points);
		});
	}, [["Quantile", (q) => q === 1 ? "max" : q === 0 ? "min" : name(q), true],
		...lines.map(([word, h]) => [word, of(time, (q) => q === 1 ? h.max : quantile(h, q))])], [...steps, 1]);
};
const perSecond = [["Second", of(whole, (s) => s.second)], [unit + "/s", of(tenths, (s) => s.rate)],
	["p50", of(time, (s) => s.p50)], ["p99", of(time, (s) => s.p99)], ["Longest", of(time, (s) => s.most)],
	["Errors", of(whole, (s) => s.errors)], ["Open", of(whole, (s) => s.open)],
	["Received/s", (s) => [s.bytes_received, bytes(Math.round(s.bytes_received / s.length))]],
	["CPU", (s) => known(s.cpu_ns) ? [s.cpu_ns, percent(s.cpu_ns / s.length / 1e7)] : DASH]];
const middle = (s, x) => x((s.from + s.to) / 2);
const overTime = () => {
	if (!seconds.length) return;
	picture("rate", unit[0].toUpperCase() + unit.slice(1) + " per second", [], (svg, box) => {
		const top = extremes(seconds, "rate", "rate")[1] * 1.08 || 1;
		const x = linear(0, end, box.left, box.right), y = linear(0, top, box.foot, box.top);
		axes(svg, box, x, clockTick, y, rateTick);
		let d = `M${x(0)} ${box.foot}`;
		for (const s of seconds) d += `L${x(s.from).toFixed(1)} ${y(s.rate).toFixed(1)}L${x(s.to).toFixed(1)} ${y(s.rate).toFixed(1)}`;
		svgNew("path", { class: "area", d: d + `L${x(end)} ${box.foot}Z` }, svg);
		line(svg, 0, seconds.flatMap((s) => [[x(s.from), y(s.rate)], [x(s.to), y(s.rate)]]));
		for (const s of seconds) if (s.errors > 0)
			svgNew("text", { class: "word-bad", x: middle(s, x), y: box.top + 10, "text-anchor": "middle" }, svg, "\u2715");
	}, perSecond, seconds, true);
	picture("latency", "Latency over time", ["p50", "p99", "longest"], (svg, box) => {
		const [low, high] = extremes(seconds, "p50", "most");
		const x = linear(0, end, box.left, box.right), y = logarithmic(...latencySpan([low, high].filter(isFinite)), box.foot, box.top);
		axes(svg, box, x, clockTick, y, timeTick);
		["p50", "p99", "most"].forEach((key, i) => line(svg, i, seconds.map((s) => [middle(s, x), known(s[key]) ? y(s[key]) : undefined])));
	}, perSecond, seconds, true);
};

/* Bands of latency: thirds of a decade, in which all buckets are counted. */
const bandOf = (ns) => Math.floor(Math.log10(Math.max(1, ns)) * 3);
const bandLow = (band) => 10 ** (band / 3);
const heat = () => {
	const all = new Map();
	for (const s of seconds) for (const [bucket, n] of s.latency.buckets) {
		const band = bandOf(middleOf(bucket));
		all.set(band, (all.get(band) || 0) + n);
	}
	if (!all.size) return;
	const bands = [...all.keys()].sort((a, b) => a - b), total = [...all.values()].reduce((a, b) => a + b);
	picture("heat", "Heat map: how many took how long", [], (svg, box) => {
		const low = bandLow(bands[0]), high = bandLow(bands[bands.length - 1] + 1), columns = Math.min(seconds.length, 120);
		const x = linear(0, end, box.left, box.right), y = logarithmic(low, high, box.foot, box.top), cells = new Map();
		let most = 0;
		seconds.forEach((s, i) => {
			const column = Math.floor(i * columns / seconds.length);
			for (const [bucket, n] of s.latency.buckets) {
				const row = Math.floor(Math.log10(Math.max(1, middleOf(bucket))) * 12), key = column + " " + row;
				const cell = cells.get(key) || { row, from: s.from, n: 0 };
				cell.to = s.to; cell.n += n; most = Math.max(most, cell.n);
				cells.set(key, cell);
			}
		});
		for (const c of cells.values()) {
			const bottom = Math.min(box.foot, y(10 ** (c.row / 12))), top = Math.max(box.top, y(10 ** ((c.row + 1) / 12)));
			svgNew("rect", { class: "heat", x: x(c.from).toFixed(1), width: Math.max(1, x(c.to) - x(c.from) - .4).toFixed(1),
				y: top.toFixed(1), height: Math.max(1, bottom - top - .4).toFixed(1),
				"fill-opacity": (.08 + .92 * Math.log1p(c.n) / Math.log1p(most)).toFixed(2) }, svg);
		}
		axes(svg, box, x, clockTick, y, timeTick);
	}, [["Latency", (b) => time(bandLow(b)) + " to " + time(bandLow(b + 1)), true],
		[unit, of(whole, (b) => all.get(b))], ["Share", (b) => percent(100 * all.get(b) / total)]], bands);
};

/* What a new connection waits for: the median as a bar, to p99 a line. */
const split = () => {
	const parts = ["connect", "tls_handshake", "handshake", "first_echo"].map((key) => [key, hist(key)]).filter(([, h]) => h);
	if (!parts.length) return;
	picture("split", "Opening a connection: median, and to p99", [], (svg, box) => {
		const inner = { ...box, left: 110 }, high = Math.max(...parts.map(([, h]) => quantile(h, .99) ?? quantile(h, .5))) * 1.05;
		const x = linear(0, high, inner.left, inner.right), row = (inner.foot - inner.top) / parts.length;
		axes(svg, inner, x, timeTick, Object.assign(() => 0, { ticks: [] }), time);
		parts.forEach(([key, h], i) => {
			const y = inner.top + i * row + row / 2, p50 = x(quantile(h, .5)), far = quantile(h, .99), p99 = x(far ?? 0);
			svgNew("text", { class: "label", x: inner.left - 8, y: y + 4, "text-anchor": "end" }, svg, titleOf(key));
			svgNew("rect", { class: "bar", x: inner.left, y: y - 11, width: Math.max(1, p50 - inner.left), height: 22, rx: 3 }, svg);
			if (known(far)) svgNew("path", { class: "whisker", d: `M${p50} ${y}H${p99}M${p99} ${y - 6}v12` }, svg);
			svgNew("text", { x: inner.left + 4, y: y + 25 }, svg, time(quantile(h, .5)) + ", p99 " + time(quantile(h, .99)));
		});
	}, [["Part", ([key]) => titleOf(key), true], ["Count", of(whole, ([, h]) => h.count)],
		...[["p50", .5], ["p90", .9], ["p99", .99]].map(([word, q]) => [word, of(time, ([, h]) => quantile(h, q))]),
		["Longest", of(time, ([, h]) => h.max)]], parts);
};

/* Goals about latency or CPU are in nanoseconds. */
const isTime = /^(\w+_)?(p[\d.]+|min|mean|max|cpu)\s*[<>=]/;

/* What is told in words. */
const section = (title, className) => {
	const s = htmlNew("section", $("facts"), "card " + (className || ""));
	htmlNew("h2", s, "", title);
	return s;
};
const value = (v) => Array.isArray(v) ? v.join(", ") || DASH : known(v) && typeof v === "object" ?
	Object.entries(v).map(([key, w]) => words(key) + " " + w).join(", ") : v === null || v === "" ? DASH : String(v);
const optionText = (key, v) => key.endsWith("_ns") && typeof v === "number" ? time(v) : typeof v === "number" ? v.toLocaleString("en", { maximumFractionDigits: 3 }) : value(v);
const optionName = (key) => words(key.replace(/_ns$/, ""));
const facts = () => {
	if (run.goals && run.goals.length)
		table(section("Goals"), [["Goal", (g) => g.goal, true], ["Value", (g) => [g.value, isTime.test(g.goal) ? time(g.value) : tenths(g.value)]],
			["Outcome", (g) => known(g.met) ? g.met ? "met" : "MISSED" : "NOT MEASURED", true]], run.goals).id = "goals";
	if (run.merged)
		table(section("Parts of this union: in " + percent(run.merged.overlap_percent) + " of the time all ran", "wide"),
			[["File", (f) => f.file, true], ["Host", (f) => f.hostname, true], ["From", (f) => clockText(new Date(f.from_unix_ns / 1e6).toISOString()), true],
			["For", (f) => time(f.to_unix_ns - f.from_unix_ns)],
			["Remark", (f) => [...run.merged.incomplete, ...run.merged.missed].filter((i) => i.file === f.file).map((i) => i.why).join("; ") || DASH, true]], run.merged.files);
	const reasons = [...Object.entries(run.errors), ...Object.entries(run.alerts).map(([name, n]) => ["alert " + name, n])];
	if (run.workers_died) reasons.push(["workers died", run.workers_died]);
	const errors = section("Errors");
	if (reasons.length) table(errors, [["What", ([key]) => words(key), true], ["Count", of(whole, ([, n]) => n)]], reasons);
	else htmlNew("p", errors, "muted", "None: every byte came back right.");
	if (run.first_failure) htmlNew("p", errors, "", "First: connection " + run.first_failure.connection + ": " +
		words(run.first_failure.reason) + (run.first_failure.detail ? ": " + run.first_failure.detail : ""));
	if (run.first_refused) htmlNew("pre", errors, "", run.first_refused);
	table(section("Latencies"), [["Of", titleOf, true], ["Count", of(whole, (key) => run.histograms[key].count)],
		...[["p50", .5], ["p90", .9], ["p99", .99], ["p99.9", .999]].map(([word, q]) => [word, of(time, (key) => quantile(run.histograms[key], q))]),
		["Longest", of(time, (key) => run.histograms[key].max)]], Object.keys(run.histograms).filter(hist)).id = "latencies";
	table(section("Connections"), [["What", ([key]) => words(key), true], ["Count", of(whole, ([, n]) => n)]],
		[...Object.entries(run.connections), ...Object.entries(run.traffic)]);
	if (run.negotiated.length)
		table(section("Negotiated"), [["Version, suite", (n) => n.version + ", " + n.suite, true],
			["Group, signature", (n) => n.group + (n.post_quantum ? " (post-quantum), " : ", ") + n.signature, true],
			["Connections", of(whole, (n) => n.connections)]], run.negotiated);
	for (const [key, title] of [["identities", "Identities"], ["expectations", "Expectations"], ["search", "Search for the highest rate"], ["server", "The server's counters"]])
		if (run[key]) htmlNew("pre", section(title), "", JSON.stringify(run[key], null, 1));
	const pairs = [["Name", ([key]) => optionName(key), true], ["Value", ([key, v]) => optionText(key, v), true]];
	table(section("Configuration"), pairs, Object.entries(run.configuration));
	table(section("Environment"), pairs, Object.entries(run.environment));
};
const head = () => {
	const h = hist(mainKey), errors = errorsOf(run), bad = [];
	const rate = run[run.configuration.handshakes ? "transactions_per_second" : "round_trips_per_second"];
	if (!run.valid) bad.push("invalid");
	else if (!run.ok) bad.push({ 3: "too few values for a goal", 4: "missed" }[run.exit_status] || "failed");
	if (run.interrupted) bad.push("interrupted");
	document.title = "tlsecho-client: " + run.target + ", " + run.started_at;
	$("target").textContent = run.target;
	$("state").textContent = bad.length ? "\u2715 " + bad.join(", ") : "\u2713 ok";
	$("state").className = bad.length ? "bad" : "";
	$("about").textContent = [clockText(run.started_at), whole(run.configuration.connections) + " connections",
		run.rate > 0 ? "open loop of " + tenths(run.rate) + "/s" : "closed loop", unit, time(run.elapsed_ns),
		"tlsecho-client " + run.version, "GnuTLS " + run.environment.gnutls, run.environment.hostname].join(" \u00b7 ");
	$("why").hidden = !run.invalid_because;
	$("why").textContent = run.invalid_because || "";
	const tile = (id, title, raw, text, isBad) => {
		const t = htmlNew("div", $("tiles"), "tile" + (isBad ? " bad" : ""));
		htmlNew("span", t, "", title);
		const data = htmlNew("data", t, "", text);
		data.id = id;
		if (known(raw)) data.value = raw;
	};
	tile("t-rate", unit + " per second", rate, tenths(rate));
	for (const [id, title, q] of [["t-p50", "p50", .5], ["t-p99", "p99", .99], ["t-p999", "p99.9", .999]])
		tile(id, title, h ? quantile(h, q) : undefined, time(h ? quantile(h, q) : undefined));
	tile("t-cpu", "client CPU for each", run.configuration.handshakes ? run.cpu_per_transaction_ns : run.cpu_per_round_trip_ns,
		time(run.configuration.handshakes ? run.cpu_per_transaction_ns : run.cpu_per_round_trip_ns));
	tile("t-errors", "errors", errors, whole(errors), errors > 0);
};
head(); spectrum(); overTime(); heat(); split(); facts();
const drawAll = () => { for (const draw of pictures) draw(); };
let width = 0;
new ResizeObserver(() => {
	if (document.body.clientWidth !== width) { width = document.body.clientWidth; drawAll(); }
}).observe(document.body);
drawAll();
addEventListener("beforeprint", () => { for (const d of document.querySelectorAll("details:not(.long)")) d.open = true; });
