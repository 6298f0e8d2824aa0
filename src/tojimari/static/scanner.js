// Reads the barcode on a SIM card with the camera, or from a photo, and puts its number into the field.
//
// At the counter it reads the picture of a visit or a case as well, and sends the form when the page says so.
//
// Pictures are looked at here and never sent. The browser's own reader (BarcodeDetector) is used where it knows Code 128;
// else ZXing is fetched from this site when the button is pressed. All words stand in data- attributes of the element.
{
  const FORMATS = ["code_128", "code_39", "qr_code", "data_matrix"];
  const CAMERA_SIDE = 1280; // px of the longer side: enough for the bars, small enough for an old phone
  const PHOTO_SIDES = [1280, 2560]; // a barcode that is small in a large photo needs its pixels
  const BREATH = 100; // ms between two pictures, so that the page stays quick
  const CAMERA_TROUBLE = {
    NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none", OverconstrainedError: "none",
  };

  // The number of a SIM in what a barcode holds, or null. The server checks again; here it only keeps misreadings out.
  const numberIn = (text) => {
    const spellings = [text, text.replace(/[\s-]/g, "")];
    const runs = spellings.flatMap((spelling) => spelling.match(/\d+/g) ?? []);
    return runs.find((digits) => isIccid(digits) || isEid(digits)) ?? null;
  };

  // The code of a visit ("V-7K3M-9QXA") or the reference of a case, as our own pictures hold it; or null.
  const codeIn = (text) => text.toUpperCase().match(/\b(?:V|TJ-[0-9A-Z]{4})-[0-9A-Z]{4}-[0-9A-Z]{4}\b/)?.[0] ?? null;

  // ITU-T E.118: begins with 89, ends with a Luhn digit.
  const isIccid = (digits) => {
    if (!/^89\d{16,18}$/.test(digits)) return false;
    const sum = [...digits].reverse().reduce((total, mark, place) => {
      const value = Number(mark) * (place % 2 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    return sum % 10 === 0;
  };

  // GSMA SGP.29: 32 digits that leave 1 when divided by 97.
  const isEid = (digits) =>
    digits.length === 32 && [...digits].reduce((rest, mark) => (rest * 10 + Number(mark)) % 97, 0) === 1;

  const inFours = (text) => (/^\d+$/.test(text) ? text.replace(/\d{4}(?=\d)/g, "$& ") : text);

  // A picture on a canvas, at most `side` px long; turned by a quarter for bars that lie on their side.
  const drawn = (picture, width, height, side, turned) => {
    const scale = Math.min(1, side / Math.max(width, height));
    const canvas = document.createElement("canvas");
    const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
    [canvas.width, canvas.height] = turned ? [high, wide] : [wide, high];
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    if (turned) {
      pen.translate(high, 0);
      pen.rotate(Math.PI / 2);
    }
    pen.drawImage(picture, 0, 0, wide, high);
    return canvas;
  };

  // Readers: each takes a canvas and returns the texts of the barcodes on it.

  const ownReader = async () => {
    if (!("BarcodeDetector" in window)) return null;
    const known = await BarcodeDetector.getSupportedFormats();
    if (!known.includes("code_128")) return null;
    const detector = new BarcodeDetector({ formats: FORMATS.filter((format) => known.includes(format)) });
    return async (canvas) => (await detector.detect(canvas)).map((found) => found.rawValue);
  };

  const fetched = (address) =>
    new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = done;
      script.onerror = () => {
        script.remove(); // the next press may try again
        failed(new Error("not fetched"));
      };
      document.head.append(script);
    });

  const zxingReader = async (address) => {
    if (!window.ZXing) await fetched(address);
    const reader = new ZXing.MultiFormatReader();
    reader.setHints(new Map([
      [ZXing.DecodeHintType.POSSIBLE_FORMATS, FORMATS.map((format) => ZXing.BarcodeFormat[format.toUpperCase()])],
      [ZXing.DecodeHintType.TRY_HARDER, true],
    ]));
    return async (canvas) => {
      const light = new ZXing.RGBLuminanceSource(greys(canvas), canvas.width, canvas.height);
      try {
        return [reader.decodeWithState(new ZXing.BinaryBitmap(new ZXing.HybridBinarizer(light))).getText()];
      } catch (nothing) {
        if (nothing instanceof ZXing.Exception) return []; // how ZXing says that there is no barcode
        throw nothing;
      }
    };
  };

  const greys = (canvas) => {
    const colours = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    const light = new Uint8ClampedArray(colours.length / 4);
    for (let from = 0, to = 0; to < light.length; from += 4, to += 1) {
      light[to] = (colours[from] * 2 + colours[from + 1] * 5 + colours[from + 2]) >> 3;
    }
    return light;
  };

  const scanner = (root) => {
    const [button, region, video] = ["button", ".scanner-region", "video"].map((what) => root.querySelector(what));
    const [photo, close, said] = ["input", ".scanner-close", ".scanner-said"].map((what) => root.querySelector(what));
    const field = document.getElementById(root.dataset.field);
    const meant = root.dataset.takes === "case" ? (text) => codeIn(text) ?? numberIn(text) : numberIn;
    let turn = 0; // one more with each start and stop: whoever comes back from waiting sees whether it is still wanted
    let stream = null;
    let read = null;

    const say = (what, text = "") => {
      const words = what && root.dataset[what].replace("{digits}", inFours(text));
      if (said.textContent !== words) said.textContent = words;
    };

    const look = async (canvas) => {
      read ??= (await ownReader()) ?? (await zxingReader(root.dataset.reader));
      try {
        return await read(canvas);
      } catch (fault) {
        if (window.ZXing) throw fault;
        // Phones without their maker's services have a BarcodeDetector that fails when it is asked.
        read = await zxingReader(root.dataset.reader);
        return read(canvas);
      }
    };

    const stopCamera = () => {
      turn += 1;
      stream?.getTracks().forEach((track) => track.stop());
      stream = video.srcObject = null;
      video.parentElement.hidden = true;
    };

    const shut = () => {
      stopCamera();
      region.hidden = true;
      button.setAttribute("aria-expanded", "false");
    };

    const dismiss = () => {
      shut();
      say("");
      button.focus();
    };

    // Says what was read; true when it was what the field takes, which then stands in it.
    const taken = (texts) => {
      const number = texts.map(meant).find(Boolean);
      if (number) {
        shut();
        field.value = number;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        say("found", number);
        field.focus();
        if ("sends" in root.dataset) field.form.requestSubmit();
      } else if (texts.length) {
        say(/^LPA:/i.test(texts[0]) ? "activation" : "wrong", texts[0].slice(0, 40));
      }
      return Boolean(number);
    };

    const camera = async () => {
      const mine = (turn += 1);
      say("asking");
      let given;
      try {
        given = await navigator.mediaDevices.getUserMedia({
          video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } },
        });
      } catch (fault) {
        if (mine === turn) say(CAMERA_TROUBLE[fault.name] ?? "busy");
        return;
      }
      if (mine !== turn) {
        given.getTracks().forEach((track) => track.stop());
        return;
      }
      stream = video.srcObject = given;
      video.parentElement.hidden = false;
      root.scrollIntoView({ block: "start" });
      say("looking");
      await watch(mine);
    };

    const watch = async (mine) => {
      const patience = setTimeout(() => say("nothing"), Number(root.dataset.patience) * 1000);
      try {
        await video.play();
        for (let turned = false; mine === turn; turned = !turned) {
          const texts = await look(drawn(video, video.videoWidth, video.videoHeight, CAMERA_SIDE, turned));
          if (mine !== turn || taken(texts)) return;
          await new Promise((rested) => setTimeout(rested, BREATH));
        }
      } catch (fault) {
        if (mine !== turn) return; // the camera was shut while its picture was looked at
        stopCamera();
        say("broken");
        console.warn(fault);
      } finally {
        clearTimeout(patience);
      }
    };

    const lookAtPhoto = async () => {
      const file = photo.files[0];
      photo.value = ""; // the same photo may be chosen again; no form ever takes it along
      if (!file) return;
      stopCamera();
      const mine = turn;
      say("reading");
      const picture = await createImageBitmap(file).catch(() => null);
      if (!picture) {
        say("unreadable");
        return;
      }
      try {
        let known = false;
        // One in forty QR codes that fill their picture is read only when it is drawn smaller.
        const longer = Math.max(picture.width, picture.height);
        for (const side of [...PHOTO_SIDES, longer / 2, longer / 4]) {
          for (const turned of [false, true]) {
            const texts = await look(drawn(picture, picture.width, picture.height, side, turned));
            if (mine !== turn || taken(texts)) return;
            known ||= texts.length > 0;
          }
        }
        if (!known) say("blank");
      } catch (fault) {
        say("broken");
        console.warn(fault);
      } finally {
        picture.close();
      }
    };

    button.addEventListener("click", () => {
      if (!region.hidden) return dismiss();
      region.hidden = false;
      button.setAttribute("aria-expanded", "true");
      close.focus({ preventScroll: true });
      camera();
    });
    close.addEventListener("click", dismiss);
    document.addEventListener("keydown", (pressed) => {
      if (pressed.key === "Escape" && !region.hidden) dismiss();
    });
    // Choosing a photo may open the phone's own camera, which must be free; if nothing is chosen, ours goes on.
    photo.addEventListener("click", stopCamera);
    photo.addEventListener("cancel", camera);
    photo.addEventListener("change", lookAtPhoto);
    // Nobody is watched behind a page that is not seen.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && stream) shut();
    });
    window.addEventListener("pagehide", shut);
    root.hidden = false;
  };

  const root = document.getElementById("scanner");
  if (root && navigator.mediaDevices?.getUserMedia) scanner(root);
}
