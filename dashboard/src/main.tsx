// Where the page begins.

import { render } from "solid-js/web";
import { App } from "./app.tsx";
import "uplot/dist/uPlot.min.css";
import "./style/base.css";
import "./style/shell.css";
import "./style/parts.css";
import "./style/reels.css";

const place = document.getElementById("page");
if (place) render(() => <App />, place);
