import type { CodecContext, FilterContext, FilterGraph, Frame } from "node-av/lib";
import type { TakenStream } from "../api/taken-stream.ts";
import { SourceError } from "../source-errors.ts";
import type { Av } from "./av.ts";
import { cropOf, previewSize } from "./crop.ts";

/** Of 2 (best) to 31: about 40 KB for a picture 800 wide. */
const JPEG_QUALITY = 5;
const ROTATIONS: Readonly<Record<number, string[][]>> = {
	90: [["transpose", "dir=clock"]],
	180: [
		["hflip", ""],
		["vflip", ""],
	],
	270: [["transpose", "dir=cclock"]],
};

interface Workshop {
	/** The pictures that it was made for: width, height, format. */
	fits: string;
	graph: FilterGraph;
	source: FilterContext;
	sink: FilterContext;
	encoder: CodecContext;
	width: number;
	height: number;
}

/**
 * Makes preview pictures: rotates clockwise, cuts out the region of interest (given in the rotated picture), scales
 * down to the preferred width and encodes JPEG. Filters and encoder are kept while the source's pictures stay the same.
 */
export class PictureMaker {
	readonly #av: Av;
	readonly #data: TakenStream["data"];
	#workshop: Workshop | null = null;

	constructor(av: Av, data: TakenStream["data"]) {
		this.#av = av;
		this.#data = data;
	}

	/** Takes the frame's content away. Throws SourceError when the region of interest lies outside the picture. */
	async jpeg(frame: Frame): Promise<Uint8Array> {
		const { constants } = this.#av;
		const workshop = await this.#workshopFor(frame);
		const picture = new this.#av.Frame();
		picture.alloc();
		const packet = new this.#av.Packet();
		packet.alloc();
		try {
			frame.pts = constants.AV_NOPTS_VALUE;
			this.#check(await workshop.source.buffersrcAddFrame(frame), "filter");
			this.#check(await workshop.sink.buffersinkGetFrame(picture), "filter");
			picture.pts = constants.AV_NOPTS_VALUE;
			picture.quality = JPEG_QUALITY * constants.FF_QP2LAMBDA;
			this.#check(await workshop.encoder.sendFrame(picture), "encode");
			this.#check(await workshop.encoder.receivePacket(packet), "encode");
			// A copy: the packet's memory belongs to FFmpeg.
			return new Uint8Array(packet.data ?? []);
		} catch (error) {
			// Filters and encoder may be left half way: the next picture gets new ones.
			this.dispose();
			throw error;
		} finally {
			picture.free();
			packet.free();
		}
	}

	dispose(): void {
		this.#workshop?.encoder.freeContext();
		this.#workshop?.graph.free();
		this.#workshop = null;
	}

	async #workshopFor(frame: Frame): Promise<Workshop> {
		const fits = `${frame.width}x${frame.height}/${frame.format}/${frame.colorSpace}/${frame.colorRange}`;
		if (this.#workshop?.fits === fits) return this.#workshop;
		this.dispose();
		const { constants } = this.#av;
		const { roi, rotation, preferred_program_stream_frame_width: preferred } = this.#data;
		const turned = rotation === 90 || rotation === 270;
		const [width, height] = turned ? [frame.height, frame.width] : [frame.width, frame.height];
		const crop = cropOf(roi, width, height);
		if (crop === null)
			throw new SourceError("area_outside", `roi lies outside the picture, which is ${width}x${height} after rotation`);
		const size = previewSize(crop, preferred);
		const graph = new this.#av.FilterGraph();
		graph.alloc();
		graph.nbThreads = 1;
		const steps = [
			[
				"buffer",
				`video_size=${frame.width}x${frame.height}:pix_fmt=${frame.format}:time_base=1/25:colorspace=${frame.colorSpace}:range=${frame.colorRange}`,
			],
			...(ROTATIONS[rotation] ?? []),
			["crop", `${crop.width}:${crop.height}:${crop.x}:${crop.y}`],
			["scale", `w=${size.width}:h=${size.height}:out_range=full`],
			["format", "pix_fmts=yuvj420p"],
			["buffersink", ""],
		];
		const filters = steps.map(([name, args], index) => this.#filter(graph, name ?? "", args ?? "", index));
		filters.reduce((from, to) => {
			this.#check(from.link(0, to, 0), "link");
			return to;
		});
		this.#check(await graph.config(), "filter graph");
		const [source, sink] = [filters[0], filters.at(-1)];
		const codec = this.#av.Codec.findEncoder(constants.AV_CODEC_ID_MJPEG);
		if (source === undefined || sink === undefined || codec === null) throw new Error("FFmpeg has no JPEG encoder");
		const encoder = new this.#av.CodecContext();
		encoder.allocContext3(codec);
		encoder.width = size.width;
		encoder.height = size.height;
		encoder.pixelFormat = constants.AV_PIX_FMT_YUVJ420P;
		encoder.colorRange = constants.AVCOL_RANGE_JPEG;
		encoder.timeBase = new this.#av.Rational(1, 25);
		encoder.threadCount = 1;
		encoder.setFlags(constants.AV_CODEC_FLAG_QSCALE);
		encoder.globalQuality = JPEG_QUALITY * constants.FF_QP2LAMBDA;
		this.#check(await encoder.open2(codec), "JPEG encoder");
		this.#workshop = { fits, graph, source, sink, encoder, ...size };
		return this.#workshop;
	}

	#filter(graph: FilterGraph, name: string, args: string, index: number): FilterContext {
		const filter = this.#av.Filter.getByName(name);
		const made = filter === null ? null : graph.createFilter(filter, `${name}${index}`, args === "" ? null : args);
		if (made === null) throw new Error(`FFmpeg makes no filter ${name}=${args}`);
		return made;
	}

	#check(code: number, what: string): void {
		if (code < 0) throw new Error(`${what}: ${this.#av.FFmpegError.strerror(code)}`);
	}
}
