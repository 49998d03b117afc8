/* The live page: listens to api/v1/events, asks api/v1/connections, draws.
 * Whatever comes from a server is put in as text only. */
"use strict";
const KEPT = 300; /* points of a chart, as the exporter keeps */
const shown = () => Math.max(60, points.length);
const $ = (id) => document.getElementById(id);
const svgNew = (name, attributes, parent) => {
	const e = document.createElementNS("http://www.w3.org/2000/svg", name);
	for (const key in attributes) e.setAttribute(key, attributes[key]);
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
const put = (e, text) => { if (e.textContent !== text) e.textContent = text; };

/* Numbers as people read them; a dash for what is not known. */
const DASH = "\u2013";
const whole = (n) => n === undefined ? DASH : Math.round(n).toLocaleString("en");
const scaled = (n, base, units) => {
	let i = 0;
	while (n >= base && i < units.length - 1) { n /= base; i++; }
	return (n >= 100 ? n.toFixed(0) : Number.isInteger(n) ? String(n) : n >= 10 ? n.toFixed(1) : n.toFixed(2)) + units[i];
};
const rate = (n) => n === undefined ? DASH : n < 10000 ? (n < 10 && !Number.isInteger(n) ? n.toFixed(1) : whole(n)) : scaled(n, 1000, ["", " k", " M", " G"]);
const bytes = (n) => n === undefined ? DASH : scaled(n, 1024, [" B", " KiB", " MiB", " GiB", " TiB"]);
const time = (ns) => ns === undefined ? DASH : scaled(ns, 1000, [" ns", " \u00b5s", " ms", " s"]);
const span = (s) => {
	if (s === undefined) return DASH;
	if (s < 60) return (s < 10 ? s.toFixed(1) : Math.floor(s)) + " s";
	if (s < 3600) return Math.floor(s / 60) + " min " + Math.floor(s % 60) + " s";
	if (s < 172800) return Math.floor(s / 3600) + " h " + Math.floor(s % 3600 / 60) + " min";
	return Math.floor(s / 86400) + " days";
};
const clock = (t) => new Date(t).toLocaleTimeString("en-GB");

/* What the page knows. */
let points = [], bands = [], last = null, chosen = "echoes";
let state = "wait", stream = null, wanted = new URLSearchParams(location.search).get("server");

const measures = {
	open: { title: "Connections open", unit: whole },
	handshakes: { title: "Handshakes per second", unit: rate },
	echoes: { title: "Echoes per second", unit: rate },
	received: { title: "Received per second", unit: (n) => n === undefined ? DASH : bytes(n) + "/s" },
	failed: { title: "Failures per second", unit: rate },
};
for (const key in measures) {
	const m = measures[key];
	m.tile = htmlNew("button", $("tiles"), "tile");
	m.tile.type = "button";
	htmlNew("span", m.tile, "", m.title);
	m.value = htmlNew("b", m.tile, "", DASH);
	const spark = svgNew("svg", { viewBox: "0 0 100 30", preserveAspectRatio: "none", "aria-hidden": "true" }, m.tile);
	m.area = svgNew("path", { class: "area" }, spark);
	m.line = svgNew("path", { class: "line", "vector-effect": "non-scaling-stroke" }, spark);
	m.tile.onclick = () => { chosen = key; draw(); };
}

/* Charts. Each has room for words at the left and below. */
const LEFT = 52, BOTTOM = 18, TOP = 6;
const charts = {};
for (const id of ["rate", "latency", "heat"]) {
	const svg = $(id), c = charts[id] = { svg, out: $(id + "-at"), at: null };
	c.grid = svgNew("path", { class: "axis" }, svg);
	c.words = svgNew("g", {}, svg);
	c.marks = svgNew("g", {}, svg);
	c.cursor = svgNew("line", { class: "cursor", visibility: "hidden" }, svg);
	svg.onpointermove = (e) => { c.at = e.offsetX; draw(); };
	svg.onpointerleave = () => { c.at = null; draw(); };
}
const measure = (c) => {
	const box = c.svg.getBoundingClientRect();
	c.w = Math.max(100, box.width); c.h = Math.max(60, box.height);
};
const xOf = (c, i) => LEFT + (c.w - LEFT - 4) * (i + shown() - points.length) / (shown() - 1);
const words = (c, ticks) => { /* [y, text] at the left, times below */
	let d = "", n = 0;
	const word = (x, y, text, anchor) => {
		const e = c.words.children[n++] || svgNew("text", {}, c.words);
		e.setAttribute("x", x); e.setAttribute("y", y); e.setAttribute("text-anchor", anchor);
		put(e, text);
	};
	for (const [y, text] of ticks) {
		d += "M" + LEFT + " " + y.toFixed(1) + "H" + (c.w - 4);
		word(LEFT - 6, y + 4, text, "end");
	}
	if (points.length) {
		word(c.w - 4, c.h - 3, clock(points[points.length - 1].t), "end");
		if (points.length > 40) word(xOf(c, 0), c.h - 3, clock(points[0].t), "start");
	}
	while (c.words.children.length > n) c.words.lastChild.remove();
	c.grid.setAttribute("d", d);
};
const cursor = (c, text) => {
	const i = c.at === null ? -1 : Math.round((c.at - LEFT) / (c.w - LEFT - 4) * (shown() - 1)) - shown() + points.length;
	const p = points[i];
	c.cursor.setAttribute("visibility", p ? "visible" : "hidden");
	if (p) {
		const x = xOf(c, i);
		for (const [k, v] of [["x1", x], ["x2", x], ["y1", TOP], ["y2", c.h - BOTTOM]]) c.cursor.setAttribute(k, v);
	}
	put(c.out, p ? clock(p.t) + "  " + text(p) : "");
};
/* A path through what is known, with gaps; and the same closed at the foot. */
const trace = (key, x, y, foot) => {
	let line = "", area = "", begun = null, lastX = 0;
	const close = () => { if (begun !== null) area += "L" + lastX + " " + foot + "L" + begun + " " + foot + "Z"; begun = null; };
	points.forEach((p, i) => {
		if (p[key] === undefined) return close();
		const at = x(i).toFixed(1) + " " + y(p[key]).toFixed(1);
		line += (begun === null ? "M" : "L") + at; area += (begun === null ? "M" : "L") + at;
		if (begun === null) { begun = x(i).toFixed(1); line += "h.1"; }
		lastX = x(i).toFixed(1);
	});
	close();
	return { line, area };
};
const path = (c, n, className) => {
	const e = c.marks.children[n] || svgNew("path", {}, c.marks);
	e.setAttribute("class", className);
	return e;
};
const niceTop = (max) => {
	const power = 10 ** Math.floor(Math.log10(Math.max(max, 1)));
	return [1, 2, 2.5, 5, 10].find((f) => f * power >= max) * power;
};
const topOf = (key) => points.reduce((m, p) => Math.max(m, p[key] || 0), 0);

const drawTiles = () => {
	const p = points[points.length - 1] || {};
	for (const key in measures) {
		const m = measures[key], top = topOf(key) || 1;
		put(m.value, m.unit(p[key]));
		m.tile.setAttribute("aria-pressed", String(key === chosen));
		const t = trace(key, (i) => 100 * (i + shown() - points.length) / (shown() - 1), (v) => 29 - 24 * v / top, 30);
		m.line.setAttribute("d", t.line); m.area.setAttribute("d", t.area);
	}
	measures.failed.tile.classList.toggle("trouble", p.failed > 0);
};
const drawRate = () => {
	const c = charts.rate, m = measures[chosen], top = niceTop(topOf(chosen)), foot = c.h - BOTTOM;
	const y = (v) => foot - (foot - TOP) * v / top;
	put($("rate-title"), m.title);
	words(c, [0, .5, 1].map((f) => [y(f * top), m.unit(f * top)]));
	const t = trace(chosen, (i) => xOf(c, i), y, foot);
	path(c, 0, "area").setAttribute("d", t.area);
	path(c, 1, "line").setAttribute("d", t.line);
	cursor(c, (p) => m.unit(p[chosen]));
};
/* From a power of ten to a power of ten. */
const drawLatency = () => {
	const c = charts.latency, foot = c.h - BOTTOM;
	const all = points.flatMap((p) => [p.echo_p50, p.echo_p99]).filter((v) => v > 0);
	const low = all.length ? Math.floor(Math.log10(Math.min(...all))) : 4;
	const high = Math.max(low + 1, all.length ? Math.ceil(Math.log10(Math.max(...all))) : 6);
	const y = (v) => foot - (foot - TOP) * (Math.log10(Math.max(v, 1)) - low) / (high - low);
	words(c, Array.from({ length: high - low + 1 }, (_, i) => [y(10 ** (low + i)), time(10 ** (low + i))]));
	path(c, 0, "line warm").setAttribute("d", trace("echo_p99", (i) => xOf(c, i), y, foot).line);
	path(c, 1, "line").setAttribute("d", trace("echo_p50", (i) => xOf(c, i), y, foot).line);
	cursor(c, (p) => time(p.echo_p50) + "  " + time(p.echo_p99));
};
/* One path for each of eight shades, whatever the number of cells. */
const drawHeat = () => {
	const c = charts.heat, foot = c.h - BOTTOM, SHADES = 8;
	let low = Infinity, high = 0, most = 1;
	for (const p of points) for (let k = 0; p.heat && k < p.heat.length; k += 2) {
		low = Math.min(low, p.heat[k]); high = Math.max(high, p.heat[k]); most = Math.max(most, p.heat[k + 1]);
	}
	if (low > high) { low = 24; high = 44; }
	high = Math.max(high, low + 7);
	const size = (foot - TOP) / (high - low + 1), y = (b) => foot - (b - low) * size;
	const d = Array(SHADES).fill(""), width = (c.w - LEFT - 4) / (shown() - 1);
	points.forEach((p, i) => {
		for (let k = 0; p.heat && k < p.heat.length; k += 2) {
			const shade = Math.min(SHADES - 1, Math.floor(SHADES * Math.log(1 + p.heat[k + 1]) / Math.log(1 + most)));
			d[shade] += "M" + (xOf(c, i) - width).toFixed(1) + " " + (y(p.heat[k] + 1)).toFixed(1) + "h" + (width + .3).toFixed(1) + "v" + size.toFixed(1) + "h-" + (width + .3).toFixed(1) + "z";
		}
	});
	d.forEach((text, s) => {
		const e = path(c, s, "heat");
		e.setAttribute("d", text); e.setAttribute("opacity", ((s + 1) / SHADES).toFixed(2));
	});
	const ticks = [];
	for (let ns = 1000; ns <= 1e11; ns *= 10) {
		const b = bands.findLastIndex((from) => from <= ns);
		const at = b + (ns - bands[b]) / (bands[b + 1] - bands[b]);
		if (at >= low && at <= high + 1) ticks.push([y(at), time(ns)]);
	}
	words(c, ticks);
	cursor(c, (p) => {
		let n = 0, slow = -1;
		for (let k = 0; p.heat && k < p.heat.length; k += 2) { n += p.heat[k + 1]; slow = p.heat[k]; }
		return whole(n) + " echoes" + (slow >= 0 && bands[slow + 1] ? ", slowest below " + time(bands[slow + 1]) : "");
	});
};

/* Rows of a table, of which those that are there are used again. */
const fill = (table, items, make, update) => {
	const body = table.tBodies[0];
	while (body.rows.length > items.length) body.lastChild.remove();
	items.forEach((item, i) => {
		let row = body.rows[i];
		if (!row) { row = body.insertRow(); make(row); }
		update(row, item);
	});
};
const cells = (row, classes) => classes.forEach((c, i) => {
	const e = htmlNew(i ? "td" : "th", row, c);
	if (!i) e.scope = "row";
});
const withBar = (cell) => {
	htmlNew("span", cell);
	htmlNew("i", htmlNew("span", cell, "bar"));
};
const setBar = (cell, text, share) => {
	put(cell.firstChild, text);
	cell.lastChild.firstChild.style.width = (100 * Math.min(1, share || 0)).toFixed(1) + "%";
};
const good = (w) => w === "ready" || w === "alive" || w === "open";
const skewOf = (workers, key) => {
	const v = workers.map((w) => w[key] || 0), sum = v.reduce((a, b) => a + b, 0);
	return v.length > 1 && sum > 0 ? Math.max(...v) * v.length / sum : null;
};
const drawWorkers = (workers) => {
	const top = (key) => Math.max(1e-9, ...workers.map((w) => w[key] || 0));
	const tops = { open: top("open"), echoes: top("echoes") };
	const said = [["open", "connections"], ["echoes", "echoes"]]
		.map(([k, name]) => [skewOf(workers, k), name]).filter(([s]) => s !== null)
		.map(([s, name]) => s.toFixed(2) + " times the mean of " + name);
	put($("skew"), said.length ? "the busiest has " + said.join(", ") : "");
	fill($("workers"), workers, (row) => {
		cells(row, ["", "", "", "n", "n", "n", "n", "n", "n", "n"]);
		for (const i of [4, 5, 8]) withBar(row.cells[i]);
	}, (row, w) => {
		const c = row.cells;
		put(c[0], String(w.worker)); put(c[1], w.state); put(c[2], String(w.pid || DASH));
		c[1].className = good(w.state) ? "word-good" : "word-bad";
		put(c[3], span(w.age_s));
		setBar(c[4], whole(w.open), w.open / tops.open);
		setBar(c[5], rate(w.echoes), w.echoes / tops.echoes);
		put(c[6], rate(w.handshakes)); put(c[7], bytes(w.received));
		setBar(c[8], w.cpu === undefined ? DASH : (100 * w.cpu).toFixed(0) + " %", w.cpu);
		put(c[9], bytes(w.memory));
	});
};
const drawFailures = (failures, offenders) => {
	failures.sort((a, b) => (b.rate || 0) - (a.rate || 0) || b.total - a.total);
	put($("failures-note"), failures.length ? "since the server started" : "none since the server started");
	$("failures").parentNode.hidden = !failures.length;
	fill($("failures"), failures, (row) => {
		cells(row, ["wrap", "n", "n"]);
		htmlNew("span", row.cells[0]); htmlNew("small", row.cells[0]);
	}, (row, f) => {
		put(row.cells[0].firstChild, f.meaning);
		put(row.cells[0].lastChild, f.advice + " (" + f.counter + ")");
		put(row.cells[1], rate(f.rate)); put(row.cells[2], whole(f.total));
		row.cells[1].className = f.rate > 0 ? "n word-bad" : "n";
	});
	$("refused").parentNode.hidden = $("h-refused").hidden = !offenders.length;
	fill($("refused"), offenders, (row) => cells(row, ["", "", "", ""]), (row, o) =>
		[clock(o.t), o.peer, o.name || DASH, o.cause.replaceAll("_", " ")].forEach((text, i) => put(row.cells[i], text)));
};
const terms = (dl, pairs) => { /* [term, text, share, class] */
	while (dl.children.length > 2 * pairs.length) dl.lastChild.remove();
	pairs.forEach(([term, text, share, className], i) => {
		const dt = dl.children[2 * i] || htmlNew("dt", dl), dd = dl.children[2 * i + 1] || htmlNew("dd", dl);
		if (!dd.firstChild) { htmlNew("i", htmlNew("span", dd, "bar")); htmlNew("span", dd); }
		dd.firstChild.hidden = share === undefined;
		dd.firstChild.firstChild.style.width = 100 * (share || 0) + "%";
		dd.lastChild.className = className || "";
		put(dt, term); put(dd.lastChild, text);
	});
};
const date = (name, at, now, isDeadline = true) => {
	if (!at) return [name, "none"];
	const left = at - now / 1000;
	return [name, new Date(at * 1000).toISOString().slice(0, 16).replace("T", " ") + " UTC, " +
		(left > 0 ? "in " + span(left) : span(-left) + " ago"), undefined,
		isDeadline && left < 7 * 86400 ? "word-bad" : ""];
};
const drawFacts = (c, now) => {
	const auth = ["no certificate asked for", "optional", "required"][c.client_auth];
	terms($("certs"), [
		date("First certificate to expire", c.certificate_not_after, now),
		["Certificates of clients", auth || DASH],
		date("Oldest revocation list issued", c.crl_this_update, now, false),
		date("Revocation list due", c.crl_next_update, now),
		["Certificates revoked", whole(c.crl_entries)],
		["Reloads", whole(c.reloads) + (c.reloads_refused ? ", and " + whole(c.reloads_refused) + " refused" : "")],
	]);
	const all = c.handshakes_completed || 0;
	const names = { handshakes_resumed: "resumed", handshakes_tls1_3: "TLS 1.3", handshakes_tls1_2: "TLS 1.2",
		handshakes_aes_256_gcm: "AES-256-GCM", handshakes_aes_128_gcm: "AES-128-GCM", handshakes_chacha20: "ChaCha20-Poly1305",
		handshakes_x25519: "X25519", handshakes_secp256r1: "secp256r1", handshakes_secp384r1: "secp384r1",
		handshakes_secp521r1: "secp521r1", handshakes_x25519_mlkem768: "X25519MLKEM768", handshakes_alpn: "with ALPN" };
	terms($("tls"), [["All", whole(all)]].concat(Object.keys(names).filter((k) => c[k] > 0)
		.map((k) => [names[k], whole(c[k]) + " (" + (100 * c[k] / all).toFixed(0) + " %)", c[k] / all])));
};
const draw = () => {
	if (document.hidden) return;
	for (const id in charts) measure(charts[id]);
	drawTiles(); drawRate(); drawLatency(); drawHeat();
};

/* Connections: asked for one at a time, each time that there are new numbers. */
const columns = [["name", "Name"], ["peer", "Peer"], ["state", "State"], ["worker", "Worker"], ["", "TLS"],
	["age", "Age"], ["idle", "Idle"], ["read_operations", "Reads"], ["bytes", "Received"], ["rate", "Received/s"]];
const sort = { key: "rate", reverse: false };
columns.forEach(([key, title], i) => {
	const th = htmlNew("th", $("conns").tHead.rows[0], i > 4 ? "n" : "");
	th.scope = "col";
	if (!key) return void put(th, title);
	const b = htmlNew("button", th, "", title);
	b.type = "button";
	b.onclick = () => {
		sort.reverse = sort.key === key && !sort.reverse;
		sort.key = key;
		markSort(); ask();
	};
});
/* Numbers begin with the largest, words with A. */
const markSort = () => columns.forEach(([key], i) => {
	const th = $("conns").tHead.rows[0].cells[i];
	const isWord = ["name", "peer", "state", "worker"].includes(key);
	if (key !== sort.key) th.removeAttribute("aria-sort");
	else th.setAttribute("aria-sort", isWord !== sort.reverse ? "ascending" : "descending");
});
let asking = false, again = false, restUntil = 0;
const ask = async (isRoutine) => {
	if (document.hidden || isRoutine === "routine" && (asking || performance.now() < restUntil)) return;
	if (asking) { again = true; return; }
	asking = true;
	const query = new URLSearchParams({ sort: sort.key, reverse: sort.reverse ? 1 : 0, filter: $("filter").value, limit: $("limit").value });
	if (last) query.set("server", last.name);
	try {
		const reply = await fetch("api/v1/connections?" + query);
		if (reply.ok) {
			const r = await reply.json(), begun = performance.now();
			drawConnections(r);
			void $("conns").offsetHeight; /* lays it out */
			/* Many rows take their time: at most a tenth of all time. */
			restUntil = performance.now() + 9 * (performance.now() - begun);
		}
	} catch (e) { /* the stream of events says it */ }
	asking = false;
	if (again) { again = false; ask(); }
};
const drawConnections = (r) => {
	put($("conns-note"), whole(r.total) + " open" + (r.matched < r.total ? ", " + whole(r.matched) + " match" : "") +
		(r.connections.length < r.matched ? ", the first " + whole(r.connections.length) + " are shown" : ""));
	fill($("conns"), r.connections, (row) => cells(row, ["", "", "", "", "", "n", "n", "n", "n", "n"]), (row, o) => {
		[o.name || DASH, o.peer, o.state, String(o.worker), [o.version, o.cipher && o.cipher.replace(/^TLS_/, ""), o.group].filter((t) => t).join("  ") + (o.resumed ? "  resumed" : ""),
			span(o.age_s), span(o.idle_s), whole(o.read_operations), bytes(o.bytes_received), bytes(o.bytes_per_second)]
			.forEach((text, i) => put(row.cells[i], text));
	});
};
$("filter").oninput = ask;
$("limit").onchange = ask;
$("conns-form").onsubmit = (e) => { e.preventDefault(); ask(); };

/* What has become of the server, said once each time that it changes. */
let hiding = 0;
const say = (text, isGood) => {
	const b = $("banner");
	clearTimeout(hiding);
	b.hidden = !text; b.className = isGood ? "good" : "";
	put(b, text || "");
	if (isGood) hiding = setTimeout(() => say(""), 8000);
};
const enter = (next, sample) => {
	const name = sample ? sample.name : last ? last.name : "";
	const isOther = sample && last && last.name === sample.name && last.start && sample.start && last.start !== sample.start;
	$("state").dataset.state = next;
	put($("state-text"), { alive: "live", dead: "dead", absent: "not there", lost: "no connection" }[next]);
	document.title = (next === "alive" ? "" : "\u26a0 " + $("state-text").textContent + " \u00b7 ") + (name ? name + " \u00b7 " : "") + "tlsecho";
	if (next !== state) {
		if (next === "dead") say("The server \u201c" + name + "\u201d is dead since " + clock(sample.point.t) + ". Its last numbers are shown.");
		else if (next === "absent") say("There is no server \u201c" + name + "\u201d yet.");
		else if (next === "lost") say("The exporter does not answer. Trying again.");
		else if (state !== "wait") say(isOther || state !== "lost" ? "The server is back: process " + sample.pid + "." : "Connected again.", true);
	} else if (isOther && next === "alive") say("The server was started again: process " + sample.pid + ".", true);
	state = next;
};
const choose = (sample) => {
	const select = $("server");
	$("pick").hidden = sample.servers.length < 2;
	sample.servers.forEach((s, i) => {
		const o = select.options[i] || htmlNew("option", select);
		o.value = s.name;
		put(o, s.name + (s.state === "alive" ? "" : " (" + s.state + ")"));
	});
	while (select.options.length > sample.servers.length) select.lastChild.remove();
	if (document.activeElement !== select) select.value = sample.name;
};
const show = (s) => {
	enter(s.state, s);
	last = s;
	choose(s);
	put($("about"), s.program ? (s.servers.length < 2 ? s.name + " \u00b7 " : "") + s.program + " \u00b7 process " + s.pid + " \u00b7 up " + span(s.uptime) + (s.user ? " \u00b7 of user " + s.user : "") : "");
	if (document.hidden) return;
	draw();
	drawWorkers(s.workers || []);
	drawFailures(s.failures || [], s.offenders || []);
	drawFacts(s.counters || {}, s.point.t);
	ask("routine");
};
const listen = () => {
	if (stream) stream.close();
	stream = new EventSource("api/v1/events" + (wanted ? "?server=" + encodeURIComponent(wanted) : ""));
	stream.addEventListener("history", (e) => {
		const h = JSON.parse(e.data);
		points = h.points; bands = h.bands;
		if (h.sample) show(h.sample);
	});
	stream.addEventListener("sample", (e) => {
		const s = JSON.parse(e.data);
		points.push(s.point);
		if (points.length > KEPT) points.shift();
		show(s);
	});
	stream.onerror = () => {
		enter("lost", null);
		/* A status such as 503 or 404 ends it for good. */
		if (stream.readyState === EventSource.CLOSED) { wanted = null; setTimeout(listen, 2000); }
	};
};
$("server").onchange = (e) => { wanted = e.target.value; last = null; state = "wait"; say(""); listen(); };
document.onvisibilitychange = () => { if (last && !document.hidden) show(last); };
window.onresize = draw;
markSort();
listen();
